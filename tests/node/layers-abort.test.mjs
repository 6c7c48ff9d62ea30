// Cancelling what is done with layers, and workers that end (row W02). The worker's code runs in this thread, where its memory can be seen.
import assert from 'node:assert/strict';
import test from 'node:test';
import { startThreadsWith } from '../../pkg/dist/layers/hosts.js';
// The module's own instance: the loader gives it again.
import load from '../../pkg/wasm/portolan_layers.js';
import { around, worker } from './here.mjs';
import { layer, noise, registry, tar } from './images.mjs';
import { layers as portolanLayers, portolan } from './package.mjs';
import { until } from './server.mjs';

const { Registry } = portolan;
const { openFiles } = portolanLayers;
const CHUNK = noise(64 * 1024);
const started = [];

function thread() {
  const self = { ended: false, fail: undefined };
  started.push(self);
  return worker(around(), self);
}

startThreadsWith(thread);

/** A layer that never ends, and a good one below it. */
async function endless(t) {
  const good = layer(tar({ path: 'a', content: noise(100_000) }));
  const bad = layer(tar('b'));
  bad.descriptor.size = 2 ** 40;
  const from = await registry(t, { v1: [good, bad] }, (_, response, name) => {
    if (name !== bad.descriptor.digest) return false;
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.write(tar({ path: 'endless', size: 2 ** 32 }).subarray(0, 512));
    const more = () => { while (response.write(CHUNK)); };
    response.on('drain', more);
    more();
    return true;
  });
  const own = new Registry(from.url);
  return { ...from, own, image: await own.image('a/b', 'v1') };
}

test('W02: a hundred aborted openings leave no memory and no request', async (t) => {
  const { own, image, open } = await endless(t);
  const abortOne = async () => {
    const control = new AbortController();
    const onProgress = ({ received }) => { if (received > 500_000) control.abort(); };
    await assert.rejects(openFiles(own, 'a/b', image, { signal: control.signal, onProgress }), (error) => error.kind === 'Aborted' && error.name === 'AbortError' && error.cause === control.signal.reason);
  };
  for (let at = 0; at < 20; at += 1) await abortOne();
  const { memory } = await load();
  const before = memory.buffer.byteLength;
  for (let at = 0; at < 100; at += 1) await abortOne();
  assert.equal(memory.buffer.byteLength, before);
  await until('no answer is under way', () => open.size === 0);
  await until('no worker is left', () => started.every(({ ended }) => ended));
});

test('W02: files that are opened and closed leave no memory', async (t) => {
  const from = await registry(t, { v1: [layer(tar({ path: 'a', content: noise(300_000) }, ...Array.from({ length: 2000 }, (_, at) => `d/${at}`)))] });
  const own = new Registry(from.url);
  const image = await own.image('a/b', 'v1');
  const openOne = async () => {
    const files = await openFiles(own, 'a/b', image);
    assert.equal((await files.search('d/')).total, 2000);
    assert.equal((await files.read('a')).complete, true);
    files.close();
  };
  for (let at = 0; at < 10; at += 1) await openOne();
  const { memory } = await load();
  const before = memory.buffer.byteLength;
  for (let at = 0; at < 40; at += 1) await openOne();
  assert.equal(memory.buffer.byteLength, before);
});

test('a read is aborted, and its request ends', async (t) => {
  const content = noise(4 << 20);
  const plain = layer(tar({ path: 'a', content }), { pack: (bytes) => bytes, type: 'tar' });
  const from = await registry(t, { v1: [plain] }, (request, response) => {
    if (!request.headers.range) return false;
    response.writeHead(206, { 'content-range': `bytes 512-${content.length + 511}/${plain.bytes.length}` }).write(content.subarray(0, 100_000));
    return true;
  });
  const own = new Registry(from.url);
  const files = await openFiles(own, 'a/b', await own.image('a/b', 'v1'));
  const control = new AbortController();
  const reading = files.read('a', { signal: control.signal, limit: content.length });
  await until('the request is there', () => from.requests.some(({ range }) => range));
  control.abort();
  await assert.rejects(reading, { kind: 'Aborted' });
  await until('the answer is cut off', () => from.open.size === 0);
  assert.equal((await files.stat('a')).size, content.length);
  files.close();
  await assert.rejects(files.stat('a'), { kind: 'Misuse' });
});

test('a search that nobody waits for is not carried out', async (t) => {
  const from = await registry(t, { v1: [layer(tar('a', 'b'))] });
  const own = new Registry(from.url);
  const files = await openFiles(own, 'a/b', await own.image('a/b', 'v1'));
  const control = new AbortController();
  const stale = files.search('a', { signal: control.signal });
  control.abort();
  await assert.rejects(stale, { kind: 'Aborted' });
  assert.equal((await files.search('b')).total, 1);
  await assert.rejects(files.search('b', { signal: AbortSignal.abort() }), { kind: 'Aborted' });
  files.close();
});

test('a signal that fired before the call sends nothing and starts nothing', async (t) => {
  const { own, image, requests } = await endless(t);
  const [before, threads] = [requests.length, started.length];
  await assert.rejects(openFiles(own, 'a/b', image, { signal: AbortSignal.abort() }), { kind: 'Aborted' });
  assert.deepEqual([requests.length, started.length], [before, threads]);
});

test('W02: a worker that dies takes its calls along, typed, and is replaced', async (t) => {
  const from = await registry(t, { v1: [layer(tar('a'))] });
  const own = new Registry(from.url);
  const image = await own.image('a/b', 'v1');
  const files = await openFiles(own, 'a/b', image);
  const stat = files.stat('a');
  started.findLast(({ ended }) => !ended).say({ type: 'dead', error: { kind: 'LimitExceeded', message: 'limit exceeded: memory of the worker', retryable: false } });
  await assert.rejects(stat, { kind: 'LimitExceeded' });
  await assert.rejects(files.list(0), { kind: 'LimitExceeded' });
  const again = await openFiles(own, 'a/b', image);
  assert.equal((await again.stat('a')).name, 'a');
  files.close();
  again.close();
});

test('a worker that does not start says what to do', async (t) => {
  // The worker before is shared until it has ended.
  await until('the worker before ends', () => started.every(({ ended }) => ended));
  startThreadsWith(() => {
    const { port1 } = new MessageChannel();
    return { post: () => undefined, listen: (_, failed) => setTimeout(() => failed(new Error('404'))), busy: () => undefined, end: () => port1.close() };
  });
  t.after(() => startThreadsWith(thread));
  const { own, image } = await endless(t);
  await assert.rejects(openFiles(own, 'a/b', image), { kind: 'Misuse', message: /Bundlers/ });
});
