// A module that traps in its worker: the page is told in a typed error, and the next call has a fresh worker.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { layer, noise, registry, tar, zstd } from './images.mjs';
import { layers as portolanLayers, portolan } from './package.mjs';
import { withMemory } from './small-memory.mjs';

const { PortolanError, Registry } = portolan;
const { initLayers, openFiles } = portolanLayers;
const [MODULE, EXTRA] = ['layers', 'layers_extra'].map((name) => readFileSync(new URL(`../../pkg/wasm/portolan_${name}_bg.wasm`, import.meta.url)));

test('W02: a module without more memory traps; the call says so, and the next has a fresh worker', async (t) => {
  initLayers({ wasm: withMemory(MODULE, 80) });
  t.after(() => initLayers({}));
  const many = Array.from({ length: 60_000 }, (_, at) => `directory-${at % 100}/a-name-of-some-length-${at}`);
  const { url } = await registry(t, { small: [layer(tar('a'))], large: [layer(tar('below')), layer(tar(...many))] });
  const from = new Registry(url);
  const [small, large] = [await from.image('a/b', 'small'), await from.image('a/b', 'large')];
  for (let round = 0; round < 2; round += 1) {
    const before = await openFiles(from, 'a/b', small);
    const error = await openFiles(from, 'a/b', large).then(() => undefined, (error) => error);
    assert.ok(error instanceof PortolanError, String(error));
    assert.deepEqual([error.kind, error.stage, error.retryable], ['LimitExceeded', 'layer', false]);
    assert.match(error.message, /memory of the worker/);
    await assert.rejects(before.stat('a'), { kind: 'LimitExceeded' }, 'what the worker held is gone, and says why');
    const after = await openFiles(from, 'a/b', small);
    assert.equal((await after.stat('a')).type, 'file');
    after.close();
  }
});

test('W02: the module for zstd is no exception', async (t) => {
  initLayers({ extraWasm: withMemory(EXTRA, 80) });
  t.after(() => initLayers({}));
  // Eight of 32 MiB are filled, where there are five.
  const wide = (archive) => { const bytes = zstd(archive); bytes[5] = 0x78; return bytes; };
  const { url } = await registry(t, { small: [layer(tar('a'), { pack: zstd })], wide: [layer(tar({ path: 'b', content: noise(8 << 20) }), { pack: wide })] });
  const from = new Registry(url);
  const opened = async (tag) => openFiles(from, 'a/b', await from.image('a/b', tag));
  await assert.rejects(opened('wide'), { kind: 'LimitExceeded', message: /memory of the worker/ });
  const files = await opened('small');
  assert.deepEqual([files.layers[0].state, (await files.stat('a')).type], ['ready', 'file']);
  files.close();
});
