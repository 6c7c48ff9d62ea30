// The module for what few layers need: when it is loaded, and when it cannot be. The worker's code runs in this thread.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { startThreadsWith } from '../../pkg/dist/layers/hosts.js';
import { around, worker } from './here.mjs';
import { layer, registry, tar, zstd } from './images.mjs';
import { layers as portolanLayers, portolan } from './package.mjs';

const { Registry } = portolan;
const { openFiles, planFiles } = portolanLayers;
const extra = { loads: 0, broken: false };

startThreadsWith(() => worker(around({
  loadExtra: async () => {
    extra.loads += 1;
    if (extra.broken) throw new Error('it is not there');
    await around().loadExtra();
  },
})));

async function image(t, ...layers) {
  const own = new Registry((await registry(t, { v1: layers })).url);
  return { own, image: await own.image('a/b', 'v1') };
}

const TABLE = { 'containerd.io/snapshot/stargz/toc.digest': `sha256:${'0'.repeat(64)}` };

// One test after another: what was loaded stays.
test('gzip and plain layers never load it', async (t) => {
  const { own, image: opened } = await image(t, layer(tar({ path: 'a', content: 'gzip' })), layer(tar({ path: 'b', content: 'plain' }), { pack: (bytes) => bytes, type: 'tar' }));
  await planFiles(own, 'a/b', opened);
  const files = await openFiles(own, 'a/b', opened);
  assert.equal(new TextDecoder().decode((await files.read('a')).bytes), 'gzip');
  files.close();
  assert.equal(extra.loads, 0);
});

test('where it cannot be loaded, the layers that need it fail and say so', async (t) => {
  extra.broken = true;
  const { own, image: opened } = await image(t, layer(tar({ path: 'a', content: 'gzip' })), layer(tar({ path: 'b', content: 'zstd' }), { pack: zstd }), layer(tar({ path: 'c', content: 'table' }), { annotations: TABLE }));
  const files = await openFiles(own, 'a/b', opened);
  assert.deepEqual(files.layers.map(({ state, error }) => [state, error?.kind]), [['ready', undefined], ['failed', 'Misuse'], ['ready', undefined]]);
  assert.match(files.layers[1].error.message, /portolan_layers_extra_bg\.wasm/);
  assert.match(files.layers[2].notes.join(), /its table of contents is of no use/);
  files.close();
  extra.broken = false;
});

test('it is loaded once, and tried again where it could not be', async (t) => {
  const before = extra.loads;
  const { own, image: opened } = await image(t, layer(tar({ path: 'a', content: 'one' }), { pack: zstd }), layer(tar({ path: 'b', content: 'two' }), { pack: zstd }));
  const files = await openFiles(own, 'a/b', opened);
  const { bytes, verified } = await files.read('b');
  assert.deepEqual([new TextDecoder().decode(bytes), verified, files.layers.map(({ state, diffId, compression }) => `${state} ${diffId} ${compression}`)], ['two', true, ['ready match zstd', 'ready match zstd']]);
  files.close();
  assert.equal(extra.loads, before + 1);
});

test('a sha512 of the uncompressed layer is verified by it', async (t) => {
  const archive = tar({ path: 'a', content: 'x'.repeat(100_000) });
  const right = `sha512:${createHash('sha512').update(archive).digest('hex')}`;
  const { own, image: opened } = await image(t, layer(archive, { diffId: right }), layer(tar('b'), { diffId: right }));
  const files = await openFiles(own, 'a/b', opened);
  assert.deepEqual(files.layers.map(({ diffId }) => diffId), ['match', 'mismatch']);
  files.close();
});
