// What a failed fetch is called, and what the package asks of fetch.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import test from 'node:test';
import { portolan } from './package.mjs';
import { serve } from './server.mjs';

const { Registry } = portolan;
const ONCE = { attempts: 1 };

/** A fetch that fails as the environment would. */
function failing(make) {
  const sent = [];
  const fetch = async (url, init) => {
    sent.push({ url, init });
    throw make();
  };
  return { fetch, sent };
}

function node(code) {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(`connect ${code}`), { code }) });
}

for (const [code, kind] of Object.entries({
  ECONNREFUSED: 'Network', ECONNRESET: 'Network', ENOTFOUND: 'Network', EAI_AGAIN: 'Network', UND_ERR_SOCKET: 'Network',
  UND_ERR_CONNECT_TIMEOUT: 'Timeout', UND_ERR_HEADERS_TIMEOUT: 'Timeout', CERT_HAS_EXPIRED: 'Tls', DEPTH_ZERO_SELF_SIGNED_CERT: 'Tls',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Tls', UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Tls',
})) {
  test(`Node's ${code} is ${kind}`, async () => {
    const { fetch } = failing(() => node(code));
    await assert.rejects(new Registry('https://registry.example', { fetch, limits: ONCE }).ping(), { kind, host: 'registry.example', stage: 'ping' });
  });
}

test('addresses, which may be signed, do not get into messages', async () => {
  const { fetch } = failing(() => new TypeError('error sending request for url (https://x.example/?sig=hunter2)'));
  const error = await new Registry('https://registry.example', { fetch, limits: ONCE }).ping().catch((e) => e);
  assert.doesNotMatch(error.message, /hunter2/);
});

test('credentials do not get into messages', async () => {
  const { fetch } = failing(() => new TypeError('fetch failed'));
  const credential = { username: 'me', password: 'hunter2' };
  const registry = new Registry('https://registry.example', { fetch, credential, limits: ONCE });
  const error = await registry.ping().catch((e) => e);
  assert.doesNotMatch(`${error.message}${JSON.stringify(registry)}${Object.values(registry)}`, /hunter2|aHVudGVyMg/);
});

test('fetch is asked for no cookies, no referrer and no redirects of its own', async () => {
  const { fetch, sent } = failing(() => node('ECONNREFUSED'));
  await assert.rejects(new Registry('https://registry.example', { fetch, limits: ONCE }).ping());
  const { credentials, referrerPolicy, redirect, method, signal } = sent[0].init;
  assert.deepEqual({ credentials, referrerPolicy, redirect, method }, { credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'manual', method: 'GET' });
  assert.ok(signal instanceof AbortSignal);
});

test('plain http reaches loopback only, unless it is allowed', async () => {
  const { fetch, sent } = failing(() => node('ECONNREFUSED'));
  await assert.rejects(new Registry('http://registry.example', { fetch, limits: ONCE }).ping(), { kind: 'Insecure' });
  assert.equal(sent.length, 0);
  await assert.rejects(new Registry('http://registry.example', { fetch, limits: ONCE, plainHttp: true }).ping(), { kind: 'Network' });
  assert.equal(sent.length, 1);
});

test('a real refusal and a real reset are Network', async (t) => {
  const server = createServer((socket) => socket.destroy());
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  t.after(() => server.close());
  await assert.rejects(new Registry(url, { limits: ONCE }).ping(), { kind: 'Network', retryable: true });
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(new Registry(url, { limits: ONCE }).ping(), { kind: 'Network', message: /ECONNREFUSED/ });
});

test('in Node a redirect is seen, and followed without the credential', async (t) => {
  const seen = [];
  const storage = await serve(t, (request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end('hello');
  });
  const registry = await serve(t, (request, response) => {
    if (!request.headers.authorization) return response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    return response.writeHead(307, { location: `${storage.url}/blob?sig=1` }).end();
  });
  const digest = 'sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
  const stream = await new Registry(registry.url, { credential: { username: 'me', password: 'p' } }).blob('a/b', digest, { size: 5n });
  assert.equal(await new Response(stream).text(), 'hello');
  assert.deepEqual(seen, [undefined]);
});
