// What a page sees: an environment with an origin, and a fetch that fails without a word (row W01).
import assert from 'node:assert/strict';
import test from 'node:test';
import { portolan } from './package.mjs';

const { Registry } = portolan;

/** Makes this process look like a page at `origin`. */
function page(t, origin, { onLine = true } = {}) {
  const navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  globalThis.location = { origin };
  Object.defineProperty(globalThis, 'navigator', { value: { onLine }, configurable: true });
  t.after(() => {
    delete globalThis.location;
    if (navigator) Object.defineProperty(globalThis, 'navigator', navigator);
    else delete globalThis.navigator;
  });
}

/** A browser's fetch to a host without CORS; `answers` tells whether anybody is there at all. */
function browser({ answers }) {
  const sent = [];
  const fetch = async (url, init) => {
    sent.push({ url, mode: init.mode });
    if (init.mode === 'no-cors' && answers) return new Response(null);
    throw new TypeError('Failed to fetch');
  };
  return { fetch, sent };
}

test('W01: a hidden answer is BlockedByBrowser, asked for once', async (t) => {
  page(t, 'https://portal.example');
  const { fetch, sent } = browser({ answers: true });
  const error = await new Registry('https://registry.example', { fetch }).ping().catch((e) => e);
  assert.equal(error.kind, 'BlockedByBrowser');
  assert.equal(error.retryable, false);
  assert.match(error.message, /portolan server/);
  assert.equal(sent.length, 1);
});

test('a host that answers without CORS is told from one that does not answer', async (t) => {
  page(t, 'https://portal.example');
  const there = browser({ answers: true });
  const credential = { username: 'me', password: 'p' };
  const blocked = await new Registry('https://registry.example', { fetch: there.fetch, credential }).diagnose();
  assert.equal(blocked.reachable, false);
  assert.equal(blocked.answers, true);
  assert.deepEqual(blocked.missingHeaders.filter(({ name }) => name !== 'Access-Control-Expose-Headers'), [
    { name: 'Access-Control-Allow-Origin', value: 'https://portal.example' },
    { name: 'Access-Control-Allow-Headers', value: 'authorization' },
  ]);
  assert.match(blocked.advice, /Access-Control-Allow-Origin: https:\/\/portal\.example/);
  assert.deepEqual(there.sent.at(-1), { url: 'https://registry.example/v2/', mode: 'no-cors' });

  const silent = await new Registry('https://registry.example', { fetch: browser({ answers: false }).fetch }).diagnose();
  assert.equal(silent.answers, false);
  assert.deepEqual(silent.missingHeaders, []);
  assert.equal(silent.error.kind, 'BlockedByBrowser');
});

test('a failure at the page\'s own origin is no policy', async (t) => {
  page(t, 'https://portal.example');
  const { fetch } = browser({ answers: false });
  const registry = new Registry('https://portal.example/api/registries/hub/', { fetch, limits: { attempts: 1 } });
  await assert.rejects(registry.ping(), { kind: 'Network' });
});

test('a page from plain http may talk to its own host', async (t) => {
  page(t, 'http://portal.lan:8080');
  const fetch = async () => new Response('{}', { headers: { 'content-type': 'application/json' } });
  assert.deepEqual(await new Registry('http://portal.lan:8080/api/registries/hub/', { fetch }).ping(), { authenticated: false });
});

test('without a network nobody is accused', async (t) => {
  page(t, 'https://portal.example', { onLine: false });
  const { fetch } = browser({ answers: false });
  await assert.rejects(new Registry('https://registry.example', { fetch, limits: { attempts: 1 } }).ping(), { kind: 'Network', message: /offline/ });
});

test('an opaque redirect with a credential names the way out', async (t) => {
  page(t, 'https://portal.example');
  const fetch = async (url, init) => {
    if (!init.headers.get('authorization')) return new Response(null, { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } });
    const answer = new Response(null);
    Object.defineProperties(answer, { type: { value: 'opaqueredirect' }, status: { value: 0 } });
    return answer;
  };
  const registry = new Registry('https://registry.example', { fetch, credential: { username: 'me', password: 'p' } });
  await assert.rejects(registry.manifest('a/b', 'v1'), { kind: 'BlockedByBrowser', message: /relay/ });
});

test('diagnose says so where all is well', async (t) => {
  page(t, 'https://portal.example');
  const fetch = async () => new Response('{}', { headers: { 'content-type': 'application/json' } });
  assert.deepEqual(await new Registry('https://registry.example', { fetch }).diagnose(), { reachable: true, answers: true, missingHeaders: [] });
});
