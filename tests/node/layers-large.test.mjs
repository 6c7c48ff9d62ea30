// A layer of half a gigabyte: what one small file of it costs, counted at the server.
import assert from 'node:assert/strict';
import test from 'node:test';
import { noise, registry } from './images.mjs';
import { large } from './large.mjs';
import { layers as portolanLayers, portolan } from './package.mjs';
import { until } from './server.mjs';

const { Registry } = portolan;
const { openFiles } = portolanLayers;

test('10 KB of half a gigabyte cost under 8 MiB, counted at the server', async (t) => {
  const content = noise(10 * 1024, 7);
  const layer = await large(t, 132, { path: 'wanted', content });
  assert.ok(layer.descriptor.size > 500_000_000, `${layer.descriptor.size} bytes`);
  let sent = 0;
  const from = await registry(t, { v1: [layer] }, (request, response, name) => {
    if (name !== layer.descriptor.digest) return false;
    layer.send(request, response, (bytes) => { sent += bytes; });
    return true;
  });
  const own = new Registry(from.url);
  const files = await openFiles(own, 'a/b', await own.image('a/b', 'v1'));
  t.after(() => files.close());
  assert.deepEqual(files.layers.map(({ state, diffId, downloaded }) => [state, diffId, downloaded]), [['ready', 'match', layer.descriptor.size]]);
  const listed = sent;
  assert.equal(listed, layer.descriptor.size, 'all of the layer was downloaded, once');
  const { bytes, verified, downloaded } = await files.read('wanted');
  assert.ok(content.equals(bytes));
  assert.equal(verified, true);
  await until('the answer has ended', () => from.open.size === 0);
  assert.ok(sent - listed < 8 << 20, `${sent - listed} bytes were sent`);
  assert.ok(downloaded > 0 && downloaded <= sent - listed);
});
