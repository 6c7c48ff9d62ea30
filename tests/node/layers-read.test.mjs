// Files of layers, read by ranges: what comes, and how much is downloaded for it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { estargz, layer, noise, registry, tar } from './images.mjs';
import { layers as portolanLayers, portolan } from './package.mjs';
import { sha256, until } from './server.mjs';

const { Registry } = portolan;
const { openFiles } = portolanLayers;
const MIB = 1 << 20;

async function open(t, { url }, options) {
  const from = new Registry(url);
  const files = await openFiles(from, 'a/b', await from.image('a/b', 'v1'), options);
  t.after(() => files.close());
  return files;
}

test('a small file of a large gzip layer costs a few MiB, counted at the server', async (t) => {
  const content = noise(10 * 1024, 7);
  const blocks = Array.from({ length: 12 }, (_, at) => ({ path: `noise${at}`, content: noise(4 * MIB, at + 1) }));
  const large = layer(tar(...blocks.slice(0, 11), { path: 'wanted', content }, ...blocks.slice(11)), { pack: (bytes) => gzipSync(bytes, { level: 1 }) });
  assert.ok(large.bytes.length > 45 * MIB);
  const from = await registry(t, { v1: [large] });
  const files = await open(t, from);
  const before = from.sent(large.descriptor.digest);
  assert.equal(before, large.bytes.length);
  const told = [];
  const read = await files.read('wanted', { onProgress: (progress) => told.push(progress) });
  assert.deepEqual([read.size, read.complete, read.verified, read.kind], [content.length, true, true, 'binary']);
  assert.ok(Buffer.from(read.bytes).equals(content));
  await until('the answer has ended', () => from.open.size === 0);
  const sent = from.sent(large.descriptor.digest) - before;
  assert.ok(sent < 8 * MIB, `${sent} bytes were sent`);
  assert.ok(read.downloaded > 0 && read.downloaded <= sent, `${read.downloaded} of ${sent}`);
  assert.equal(told.at(-1).received, read.downloaded);
  assert.ok(told.at(-1).total < 8 * MIB);
  assert.equal(from.requests.filter(({ range }) => range).length, 1);
});

test('the beginning of a file is read with a limit, and says that it is one', async (t) => {
  const text = 'line\n'.repeat(100_000);
  const files = await open(t, await registry(t, { v1: [layer(tar({ path: 'text', content: text }))] }));
  const { bytes, size, complete, verified, kind } = await files.read('text', { limit: 1000 });
  assert.deepEqual([Buffer.from(bytes).toString(), size, complete, verified, kind], [text.slice(0, 1000), text.length, false, false, 'text']);
  assert.deepEqual((await files.read('text')).verified, true);
});

test('a layer has its own version of a file, and a hard link the content it means', async (t) => {
  const base = tar({ path: 'a', content: 'old' }, { path: 'b', type: 'hardlink', link: 'a' });
  const files = await open(t, await registry(t, { v1: [layer(base), layer(tar({ path: 'a', content: 'new!' }, { path: 'empty' }))] }));
  const text = async (path, options) => Buffer.from((await files.read(path, options)).bytes).toString();
  assert.deepEqual([await text('a'), await text('a', { layer: 0 }), await text('b'), await text('empty')], ['new!', 'old', 'old', '']);
  await assert.rejects(files.read('b', { layer: 1 }), { kind: 'NotFound', stage: 'layer' });
  await assert.rejects(files.read('nowhere'), { kind: 'NotFound' });
  await assert.rejects(files.read(0), { kind: 'Misuse' });
});

test('what files look like is told by their first bytes', async (t) => {
  const contents = {
    'a.png': ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'image', 'image/png'],
    'b.jpg': ['\xff\xd8\xff\xe0\0\x10JFIF', 'image', 'image/jpeg'],
    'c.gif': ['GIF89a\x01\0\x01\0', 'image', 'image/gif'],
    'd.webp': ['RIFF\x24\0\0\0WEBPVP8 ', 'image', 'image/webp'],
    'e.ico': ['\0\0\x01\0\x01\0\x10\x10', 'image', 'image/x-icon'],
    'f.bmp': [`BM${'\0'.repeat(8)}\x36\0\0\0\x28\0\0\0${'\0'.repeat(20)}`, 'image', 'image/bmp'],
    'g.svg': ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'text', undefined],
    'h.txt': ['BMW and other cars', 'text', undefined],
    'i.txt': ['caf\xe9, in Latin-1', 'text', undefined],
    'j.wav': ['RIFF\x24\0\0\0WAVEfmt ', 'binary', undefined],
    k: ['\x7fELF\x02\x01\x01\0', 'binary', undefined],
    l: ['\x01\x02\x03\x04\x05\x06', 'binary', undefined],
    m: ['', 'text', undefined],
  };
  const entries = Object.entries(contents).map(([path, [text]]) => ({ path, content: Buffer.from(text, 'latin1') }));
  const files = await open(t, await registry(t, { v1: [layer(tar(...entries))] }));
  for (const [path, [, kind, mediaType]] of Object.entries(contents)) {
    const read = await files.read(path);
    assert.deepEqual([path, read.kind, read.mediaType], [path, kind, mediaType]);
  }
});

test('a server that ignores ranges costs bytes, and is right all the same', async (t) => {
  const noisy = layer(tar({ path: 'noise', content: noise(MIB) }, { path: 'wanted', content: 'here' }));
  const from = await registry(t, { v1: [noisy] }, (request, response, name) => {
    if (name !== noisy.descriptor.digest || !request.headers.range) return false;
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': noisy.bytes.length }).end(noisy.bytes);
    return true;
  });
  const { bytes, verified } = await (await open(t, from)).read('wanted');
  assert.deepEqual([Buffer.from(bytes).toString(), verified], ['here', true]);
});

test('other bytes than those that were listed are found out', async (t) => {
  const content = noise(100_000);
  const [good, bad] = [content, Buffer.from(content).fill(0, 50_000, 50_100)].map((content) => tar({ path: 'file', content }));
  const plain = layer(good, { pack: (bytes) => bytes, type: 'tar' });
  const from = await registry(t, { v1: [plain] }, (request, response, name) => {
    const [, first, last] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
    if (name !== plain.descriptor.digest || first === undefined) return false;
    response.writeHead(206, { 'content-range': `bytes ${first}-${last}/${bad.length}` }).end(bad.subarray(Number(first), Number(last) + 1));
    return true;
  });
  await assert.rejects((await open(t, from)).read('file'), { kind: 'DigestMismatch' });
});

test('an eStargz layer is listed by its table of contents, and a wrong one is not believed', async (t) => {
  const contents = { noise: noise(8 * MIB), 'etc.conf': 'a = 1' };
  const from = await registry(t, { v1: [estargz(contents)] });
  const files = await open(t, from);
  const [known] = files.layers;
  assert.deepEqual([known.source, known.state, known.diffId], ['estargz', 'ready', 'unchecked']);
  assert.ok(known.downloaded < MIB && from.sent(known.digest) < MIB, `${known.downloaded} bytes`);
  const { bytes: content, verified } = await files.read('etc.conf');
  assert.deepEqual([Buffer.from(content).toString(), verified], ['a = 1', true]);

  const doubted = await open(t, await registry(t, { v1: [estargz(contents, sha256('other'))] }), { verifyDiffIds: false });
  assert.deepEqual([doubted.layers[0].source, doubted.layers[0].state], ['layer', 'ready']);
  assert.match(doubted.layers[0].notes[0], /table of contents is of no use: digest mismatch/);
  assert.equal((await doubted.stat('etc.conf')).size, 5);
});
