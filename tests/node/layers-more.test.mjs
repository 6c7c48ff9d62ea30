// The second half of the module: when it is loaded, and when it cannot be. The worker's code runs in this thread.
import assert from 'node:assert/strict';
import test from 'node:test';
import { startThreadsWith } from '../../pkg/dist/layers/hosts.js';
import join from '../../pkg/wasm/portolan_layers_more.js';
import { around, built, worker } from './here.mjs';
import { layer, registry, tar } from './images.mjs';
import { layers as portolanLayers, portolan } from './package.mjs';

const { Registry } = portolan;
const { openFiles } = portolanLayers;
const more = { loads: 0, broken: false };

startThreadsWith(() => worker(around({
  loadMore: async () => {
    more.loads += 1;
    if (more.broken) throw new Error('it is not there');
    await around().loadMore();
  },
})));

async function open(t, ...entries) {
  const own = new Registry((await registry(t, { v1: entries.map((entry) => layer(tar(...entry))) })).url);
  return openFiles(own, 'a/b', await own.image('a/b', 'v1'));
}

const SECRET = [[{ path: '.env', content: 'KEY=1' }, { path: 'a', content: 'below' }], ['.wh..env', { path: 'a', content: 'above' }]];

// One test after another: what was loaded stays.
test('what the view of files begins with never loads it', async (t) => {
  const files = await open(t, ...SECRET);
  assert.deepEqual(files.layers.map(({ state, wasted }) => [state, wasted]), [['ready', 10], ['ready', 0]]);
  assert.deepEqual((await files.list('')).rows.map(({ path }) => path), ['a']);
  assert.equal((await files.stat('a')).size, 5);
  assert.equal((await files.treemap('')).size, 5);
  files.close();
  assert.equal(more.loads, 0);
});

test('where it cannot be loaded, the calls that need it fail and say so, and the others do not', async (t) => {
  more.broken = true;
  const files = await open(t, ...SECRET);
  const calls = [() => files.search('a'), () => files.history('a'), () => files.waste(), () => files.compare(files), () => files.read('a')];
  for (const call of calls) await assert.rejects(call, { kind: 'Misuse', message: /portolan_layers_more_bg\.wasm/ });
  assert.equal((await files.stat('a')).size, 5);
  files.close();
  more.broken = false;
});

test('it is loaded once, and tried again where it could not be', async (t) => {
  const before = more.loads;
  const [files, other] = [await open(t, ...SECRET), await open(t, ['b'])];
  const [found, history, waste, compared, read] = await Promise.all([files.search('a'), files.history('a'), files.waste(), files.compare(other), files.read('a')]);
  assert.deepEqual(found.rows.map(({ path }) => path), ['a']);
  assert.deepEqual(history.map(({ change }) => change), ['added', 'changed']);
  assert.deepEqual([waste.total, waste.secrets.map(({ path }) => path)], [15, ['.env']]);
  assert.deepEqual(compared.differences.map(({ path, kind }) => [path, kind]), [['a', 'removed'], ['b', 'added']]);
  assert.equal(new TextDecoder().decode(read.bytes), 'above');
  files.close();
  other.close();
  assert.equal(more.loads, before + 1);
});

test('halves of different builds do not fit', async () => {
  const { first, second } = { first: await around().load(), second: built('portolan_layers_more') };
  const wanted = WebAssembly.Module.imports(new WebAssembly.Module(second));
  assert.deepEqual(wanted.filter(({ module, name }) => module !== 'first' || !(name in first)), []);
  const { name: stamp } = wanted.find(({ kind, name }) => kind === 'table' && /^[0-9a-f]{8}$/.test(name));
  await assert.doesNotReject(join(first, second));
  second.write('another!', second.indexOf(stamp));
  await assert.rejects(join(first, second), WebAssembly.LinkError);
});
