// What the facade makes of records: exact sizes, untouched maps, streams that wait.
import assert from 'node:assert/strict';
import test from 'node:test';
import { portolan } from './package.mjs';
import { serve, sha256 } from './server.mjs';

const { init, parseReference, PortolanError, Registry } = portolan;
const OCI = 'application/vnd.oci.image.';
const HUGE = '9007199254740993'; // 2^53 + 1

/** A registry of one repository that serves the given manifests by tag or digest, and blobs by digest. */
async function registry(t, { manifests = {}, blobs = {} }) {
  const { url } = await serve(t, (request, response) => {
    const [, kind, name] = /^\/v2\/a\/b\/(manifests|blobs)\/(.+)$/.exec(request.url) ?? [];
    const body = kind === 'manifests' ? manifests[name] : blobs[name];
    if (body === undefined) return response.writeHead(404, { 'content-type': 'application/json' }).end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"no"}]}');
    const type = kind === 'manifests' ? JSON.parse(body).mediaType : 'application/octet-stream';
    return response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(request.method === 'HEAD' ? undefined : body);
  });
  return new Registry(url);
}

function descriptor(mediaType, body, more = {}) {
  return { mediaType: OCI + mediaType, digest: sha256(body), size: Buffer.byteLength(body), ...more };
}

const CONFIG = JSON.stringify({
  os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [sha256('tar')] },
  config: { Env: ['A=1'], Cmd: ['sh'], Labels: { size: 'large', __proto__x: 'y', '\u202e"\\\n': '\u0000' } },
  history: [{ created_by: 'ENV A=1', empty_layer: true }, { created_by: '/bin/sh -c make', created: '2020-01-01T00:00:00Z' }],
});
const MANIFEST = `{"schemaVersion":2,"mediaType":"${OCI}manifest.v1+json","config":${JSON.stringify(descriptor('config.v1+json', CONFIG))},`
  + `"layers":[{"mediaType":"${OCI}layer.v1.tar","digest":"${sha256('tar')}","size":${HUGE},"annotations":{"size":"1"},"urls":["https://x.example/"]}],`
  + '"annotations":{"size":"not a number","__proto__":"kept"}}';
const PLATFORM = { os: 'linux', architecture: 'arm64', variant: 'v8' };
const INDEX = JSON.stringify({
  schemaVersion: 2, mediaType: `${OCI}index.v1+json`,
  manifests: [descriptor('manifest.v1+json', 'other', { platform: { os: 'windows', architecture: 'amd64', 'os.version': '10.0.1' } }), descriptor('manifest.v1+json', MANIFEST, { platform: PLATFORM })],
});
const CONTENT = { manifests: { v1: MANIFEST, [sha256(MANIFEST)]: MANIFEST, all: INDEX }, blobs: { [sha256(CONFIG)]: CONFIG } };

test('a manifest keeps its bytes, exact sizes and annotations of any name', async (t) => {
  const manifest = await (await registry(t, CONTENT)).manifest('a/b', 'v1');
  assert.equal(manifest.kind, 'image');
  assert.equal(manifest.digest, sha256(MANIFEST));
  assert.equal(Buffer.from(manifest.bytes).toString(), MANIFEST);
  assert.equal(manifest.size, BigInt(MANIFEST.length));
  assert.equal(manifest.layers[0].size, BigInt(HUGE));
  assert.deepEqual(manifest.layers[0].annotations, { size: '1' });
  assert.deepEqual(manifest.layers[0].urls, ['https://x.example/']);
  assert.deepEqual(Object.entries(manifest.annotations).sort(), [['__proto__', 'kept'], ['size', 'not a number']]);
  assert.equal(manifest.moved, false);
});

test('head tells digest, media type and size', async (t) => {
  // This server names no digest, so the manifest is read instead.
  const head = await (await registry(t, CONTENT)).head('a/b', 'v1');
  assert.deepEqual(head, { digest: sha256(MANIFEST), mediaType: `${OCI}manifest.v1+json`, size: BigInt(MANIFEST.length) });
});

test('an image joins index, manifest, config and layers', async (t) => {
  const image = await (await registry(t, CONTENT)).image('a/b', 'all', { platform: 'linux/arm64' });
  assert.deepEqual(image.platform, PLATFORM);
  assert.equal(image.index.kind, 'index');
  assert.equal(Buffer.from(image.index.bytes).toString(), INDEX);
  assert.deepEqual(image.index.manifests.map(({ platform }) => platform), [{ os: 'windows', architecture: 'amd64', osVersion: '10.0.1' }, PLATFORM]);
  assert.equal(image.size, BigInt(HUGE));
  assert.equal(image.historyMatches, true);
  const [{ command, diffId, created, size }] = image.layers;
  assert.deepEqual({ command, diffId, created, size }, { command: 'RUN make', diffId: sha256('tar'), created: '2020-01-01T00:00:00Z', size: BigInt(HUGE) });
  const { labels, env, cmd, entrypoint, history, bytes, digest } = image.config;
  assert.deepEqual(labels, { size: 'large', __proto__x: 'y', '\u202e"\\\n': '\u0000' });
  assert.deepEqual({ env, cmd, entrypoint }, { env: ['A=1'], cmd: ['sh'], entrypoint: undefined });
  assert.deepEqual(history.map(({ emptyLayer }) => emptyLayer), [true, false]);
  assert.equal(Buffer.from(bytes).toString(), CONFIG);
  assert.equal(digest, sha256(CONFIG));
});

test('an error carries what the registry said', async (t) => {
  const error = await (await registry(t, {})).manifest('a/b', 'gone').catch((e) => e);
  assert.ok(error instanceof PortolanError && error instanceof Error);
  const { kind, status, code, retryable, stage, name } = error;
  assert.deepEqual({ kind, status, code, retryable, stage, name }, { kind: 'NotFound', status: 404, code: 'MANIFEST_UNKNOWN', retryable: false, stage: 'manifest', name: 'PortolanError' });
  assert.match(error.host, /^127\.0\.0\.1:\d+$/);
});

test('retryAfter is in seconds', async (t) => {
  const { url } = await serve(t, (_, response) => response.writeHead(429, { 'retry-after': '86400' }).end());
  await assert.rejects(new Registry(url).ping(), { kind: 'RateLimited', status: 429, retryAfter: 86_400, retryable: true });
});

test('a blob is read as fast as its reader reads', async (t) => {
  const whole = Buffer.alloc(64 << 20, 'x');
  let written = 0;
  const { url } = await serve(t, async (_, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': whole.length });
    for (let at = 0; at < whole.length; at += 1 << 20) {
      if (!response.write(whole.subarray(at, at + (1 << 20)))) await new Promise((resolve) => response.once('drain', resolve));
      written = at;
    }
    response.end();
  });
  const progress = [];
  const size = BigInt(whole.length);
  const stream = await new Registry(url).blob('a/b', sha256(whole), { size, onProgress: (p) => progress.push(p) });
  const reader = stream.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(written < whole.length / 2, `${written} bytes were taken for one chunk read`);
  let received = progress[0].received;
  for (let read = await reader.read(); !read.done; read = await reader.read()) received += BigInt(read.value.byteLength);
  assert.equal(received, size);
  assert.deepEqual(progress.at(-1), { received: size, total: size });
});

test('a blob that is something else fails at its end', async (t) => {
  const { url } = await serve(t, (_, response) => response.writeHead(200, { 'content-type': 'application/octet-stream' }).end('other'));
  const stream = await new Registry(url).blob('a/b', sha256('hello'), { size: 5n });
  await assert.rejects(new Response(stream).text(), { kind: 'DigestMismatch', stage: 'blob' });
});

test('names come one by one, and a listing that is not whole says so', async (t) => {
  const { url } = await serve(t, (request, response) => {
    const last = new URL(request.url, 'http://x').searchParams.get('last');
    response.writeHead(200, { 'content-type': 'application/json', ...(last === 'b' ? { link: '<https://elsewhere.example/>; rel="next"' } : { link: '</v2/_catalog?last=b>; rel="next"' }) });
    response.end(JSON.stringify({ repositories: last === 'b' ? ['c', null, 'UPPER'] : ['a', 'b'] }));
  });
  const names = [];
  await assert.rejects(async () => { for await (const name of new Registry(url).repositories()) names.push(name); }, { kind: 'InvalidLink' });
  assert.deepEqual(names, ['a', 'b', 'c']);
  const pages = [];
  for await (const page of new Registry(url).repositories().pages()) pages.push(page);
  assert.deepEqual(pages.map(({ items, skipped, truncated }) => [items, skipped, truncated?.kind]), [[['a', 'b'], 0, undefined], [['c'], 2, 'InvalidLink']]);
});

test('leaving a loop early asks for no further page', async (t) => {
  let asked = 0;
  const { url } = await serve(t, (_, response) => {
    asked += 1;
    response.writeHead(200, { 'content-type': 'application/json', link: `</v2/_catalog?last=${asked}>; rel="next"` }).end(JSON.stringify({ repositories: [`r${asked}`] }));
  });
  for await (const name of new Registry(url).repositories()) {
    assert.equal(name, 'r1');
    break;
  }
  assert.equal(asked, 1);
});

test('references are taken apart', async () => {
  await init();
  assert.deepEqual(parseReference('alpine'), { host: 'docker.io', repository: 'library/alpine', tag: 'latest' });
  const digest = sha256('x');
  assert.deepEqual(parseReference(`localhost:5000/a/b:1@${digest}`), { host: 'localhost:5000', repository: 'a/b', tag: '1', digest });
  assert.throws(() => parseReference('a/../b'), { kind: 'InvalidReference' });
  assert.throws(() => parseReference('a/b@sha256:short'), { kind: 'InvalidDigest' });
});

test('bad arguments are errors, not traps', async () => {
  for (const url of ['', 'ftp://x.example', 'https://user@x.example', 'https://x.example/?q']) {
    await assert.rejects(new Registry(url).ping(), { kind: 'InvalidReference' }, url);
  }
  const registry = new Registry('https://registry.example', { fetch: () => assert.fail('a request was sent') });
  await assert.rejects(registry.manifest('a b', 'v1'), { kind: 'InvalidReference' });
  await assert.rejects(registry.manifest('a/b', '../x'), { kind: 'InvalidReference' });
  await assert.rejects(registry.blob('a/b', 'sha256:x'), { kind: 'InvalidDigest' });
  await assert.rejects(registry.image('a/b', 'v1', { platform: 'linux' }), { kind: 'InvalidReference' });
  await assert.rejects(registry.tags('a/b c').pages().next(), { kind: 'InvalidReference' });
  await assert.rejects(new Registry('https://x.example', { credential: { username: 'a:b', password: '' } }).ping(), { kind: 'InvalidCredential' });
});
