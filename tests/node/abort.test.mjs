// Cancelling: promptly, with one kind of error, and with nothing left behind (row W02).
import assert from 'node:assert/strict';
import test from 'node:test';
import { portolan } from './package.mjs';
import { serve, sha256, until } from './server.mjs';
// The package's own instance: the loader gives it again.
import load from '../../pkg/wasm/portolan.js';

const { init, PortolanError, Registry } = portolan;
const CHUNK = new Uint8Array(64 * 1024);

/** A blob that never ends. */
function endless(request, response) {
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  const more = () => { while (response.write(CHUNK)); };
  response.on('drain', more);
  more();
}

test('W02: a hundred aborted blobs leave no memory and no request', async (t) => {
  const { url, open } = await serve(t, endless);
  const registry = new Registry(url);
  const abortOne = async () => {
    const control = new AbortController();
    const reader = (await registry.blob('a/b', sha256('x'), { signal: control.signal })).getReader();
    for (let read = 0; read < 4; read += 1) assert.equal((await reader.read()).done, false);
    control.abort();
    await assert.rejects(reader.read(), { kind: 'Aborted', name: 'AbortError' });
  };
  for (let at = 0; at < 20; at += 1) await abortOne();
  const { memory } = await load();
  const before = memory.buffer.byteLength;
  for (let at = 0; at < 100; at += 1) await abortOne();
  assert.equal(memory.buffer.byteLength, before);
  await until('no answer is under way', () => open.size === 0);
});

test('cancelling the stream ends the request', async (t) => {
  const { url, open } = await serve(t, endless);
  const stream = await new Registry(url).blob('a/b', sha256('x'));
  const reader = stream.getReader();
  await reader.read();
  await reader.cancel();
  await until('the answer is cut off', () => open.size === 0);
});

test('cancelling while a chunk is awaited ends the request', async (t) => {
  const { url, open } = await serve(t, (_, response) => response.writeHead(200).flushHeaders());
  const reader = (await new Registry(url).blob('a/b', sha256('x'))).getReader();
  const read = reader.read();
  await reader.cancel();
  assert.deepEqual(await read, { done: true, value: undefined });
  await until('the answer is cut off', () => open.size === 0);
});

test('a call is aborted while it waits for an answer, and tells why', async (t) => {
  const { url, open } = await serve(t, () => {});
  const reason = new Error('the page was left');
  const control = new AbortController();
  const ping = new Registry(url).ping({ signal: control.signal });
  await until('the request is there', () => open.size === 1);
  control.abort(reason);
  await assert.rejects(ping, (error) => error instanceof PortolanError && error.kind === 'Aborted' && error.cause === reason);
  await until('the answer is cut off', () => open.size === 0);
});

test('a listing is aborted between pages', async (t) => {
  const { url } = await serve(t, (request, response) => {
    const page = Number(new URL(request.url, 'http://x').searchParams.get('last') ?? 0);
    response.writeHead(200, { 'content-type': 'application/json', link: `</v2/_catalog?last=${page + 1}>; rel="next"` });
    response.end(JSON.stringify({ repositories: [`r${page}`] }));
  });
  const control = new AbortController();
  const pages = new Registry(url).repositories({ signal: control.signal }).pages();
  assert.deepEqual((await pages.next()).value, { items: ['r0'], skipped: 0 });
  control.abort();
  await assert.rejects(pages.next(), { kind: 'Aborted' });
  assert.deepEqual(await pages.next(), { done: true, value: undefined });
});

test('a signal that fired before the call sends nothing', async () => {
  await init();
  const fetch = () => assert.fail('a request was sent');
  const signal = AbortSignal.abort();
  const registry = new Registry('http://127.0.0.1', { fetch });
  await assert.rejects(registry.tags('a/b', { signal }).pages().next(), { kind: 'Aborted' });
  await assert.rejects(registry.ping({ signal }), { kind: 'Aborted', cause: signal.reason });
  await assert.rejects(registry.diagnose({ signal }), { kind: 'Aborted' });
});
