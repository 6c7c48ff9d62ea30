// The files of images, as the package opens them: in a worker, from a registry that counts.
import assert from 'node:assert/strict';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { estargz, layer, noise, registry, tar, zstd, zstdBomb } from './images.mjs';
import { layers as portolanLayers, portolan } from './package.mjs';

const { PortolanError, Registry } = portolan;
const { openFiles, planFiles } = portolanLayers;

const BASE = tar('etc/', { path: 'etc/motd', content: 'hello', mode: 0o640, uid: 7, gid: 8, mtime: 1_700_000_000 }, 'usr/', 'usr/bin/', { path: 'usr/bin/env', content: 'x'.repeat(1000), mode: 0o755 },
  { path: 'usr/bin/link', type: 'symlink', link: 'env' }, { path: 'usr/bin/hard', type: 'hardlink', link: 'usr/bin/env' }, { path: 'root/.ssh/id_rsa', content: 'secret' });
const TOP = tar({ path: 'etc/motd', content: 'hello you' }, { path: 'root/.wh..ssh' }, { path: 'opt/new', content: 'n' });

/** Opens the image of a tag; closes it with the test. */
async function open(t, { url }, tag = 'v1', options = {}) {
  const from = new Registry(url, options.registry);
  const files = await openFiles(from, 'a/b', await from.image('a/b', tag), options);
  t.after(() => files.close());
  return files;
}

function image(t, ...layers) {
  return registry(t, { v1: layers });
}

test('the merged view has what the layers leave', async (t) => {
  const files = await open(t, await image(t, layer(BASE), layer(TOP)));
  assert.deepEqual([files.files, files.directories, files.size, files.partial], [5, 5, 1010, false]);
  const { rows, total } = await files.list(0);
  assert.equal(total, 4);
  assert.deepEqual(rows.map(({ name, type, size, files: count, implied }) => [name, type, size, count, implied]), [
    ['etc', 'directory', 9, 1, false], ['opt', 'directory', 1, 1, true], ['root', 'directory', 0, 0, true], ['usr', 'directory', 1000, 3, false],
  ]);
  const motd = await files.stat('etc/motd');
  assert.deepEqual({ ...motd, id: 0 }, { id: 0, name: 'motd', path: 'etc/motd', type: 'file', size: 9, files: 0, mode: 0o644, uid: 0, gid: 0, modified: 0, layer: 1, implied: false, flags: [] });
  assert.equal((await files.stat(motd.id)).path, 'etc/motd');
  assert.equal(await files.stat('root/.ssh/id_rsa'), undefined);
  assert.equal((await files.stat('usr/bin/link')).link, 'env');
});

test('a layer shows what it changed, and what is gone can be shown', async (t) => {
  const files = await open(t, await image(t, layer(BASE), layer(TOP)));
  const changes = await files.search('', { layer: 1, sort: 'name' });
  assert.deepEqual(changes.rows.map(({ path, change, layer: place }) => [path, change, place]).sort(), [
    ['etc/motd', 'changed', 1], ['opt', 'added', 1], ['opt/new', 'added', 1], ['root/.ssh', 'deleted', 0], ['root/.ssh/id_rsa', 'deleted', 0],
  ]);
  const { rows } = await files.list('root/.ssh', { deleted: true });
  assert.deepEqual(rows.map(({ name, layer: place, deletedBy }) => [name, place, deletedBy]), [['id_rsa', 0, 1]]);
  assert.deepEqual((await files.search('', { layer: 1, changes: ['deleted'] })).total, 2);
  assert.deepEqual(await files.history('etc/motd'), [
    { layer: 0, change: 'added', type: 'file', size: 5, mode: 0o640 }, { layer: 1, change: 'changed', type: 'file', size: 9, mode: 0o644 },
  ]);
  const [, gone] = await files.history('root/.ssh/id_rsa');
  assert.deepEqual(gone, { layer: 1, change: 'deleted', type: 'file', size: 6, mode: 0o644, opaque: true });
});

test('listings are sorted, filtered and paged', async (t) => {
  const many = tar('d/', ...Array.from({ length: 50 }, (_, at) => ({ path: `d/f${String(at).padStart(2, '0')}`, content: 'x'.repeat(at), mtime: 100 - at })));
  const files = await open(t, await image(t, layer(many)));
  const names = async (options) => (await files.list('d', { limit: 3, ...options })).rows.map(({ name }) => name);
  assert.deepEqual(await names({}), ['f00', 'f01', 'f02']);
  assert.deepEqual(await names({ sort: '-size', offset: 1 }), ['f48', 'f47', 'f46']);
  assert.deepEqual(await names({ sort: 'modified' }), ['f49', 'f48', 'f47']);
  assert.deepEqual((await files.list('d', { minSize: 40 })).total, 10);
  assert.deepEqual((await files.list('d', { types: ['symlink'] })).total, 0);
  assert.deepEqual((await files.list('d', { offset: 100 })).rows, []);
  assert.deepEqual((await files.search('F1', { limit: 2 })).rows.map(({ path }) => path), ['d/f10', 'd/f11']);
  assert.equal((await files.search('d/ 2')).total, 14);
  assert.deepEqual((await files.list('nowhere')).total, 0);
});

test('a directory is drawn to scale', async (t) => {
  const files = await open(t, await image(t, layer(BASE)));
  const root = await files.treemap(0, { depth: 2, boxes: 3 });
  assert.deepEqual([root.size, root.children.map(({ name, size, children }) => [name, size, children.map((child) => child.name)])], [1011, [['usr', 1000, ['bin']], ['root', 6, []]]]);
  assert.deepEqual(root.rest, { size: 5, count: 1 });
  await assert.rejects(files.treemap('nowhere'), { kind: 'NotFound', stage: 'layer' });
});

test('waste is counted once, and secrets that look deleted are named', async (t) => {
  const { total, kept, reclaimable, score, count, paths, secrets } = await (await open(t, await image(t, layer(BASE), layer(TOP)))).waste();
  assert.deepEqual({ total, kept, reclaimable, count, score }, { total: 1021, kept: 1010, reclaimable: 11, count: 2, score: 1010 / 1021 });
  assert.deepEqual(paths.map(({ path, bytes, copies, writers, remover, present }) => [path, bytes, copies, writers, remover, present]), [
    ['root/.ssh/id_rsa', 6, 1, [0], 1, false], ['etc/motd', 5, 1, [0], 1, true],
  ]);
  assert.deepEqual(secrets.map(({ path, layer: place, removedBy, size, what }) => [path, place, removedBy, size, what]), [['root/.ssh/id_rsa', 0, 1, 6, 'SSH private key']]);
});

test('two images are compared', async (t) => {
  const [base, top, other] = [layer(BASE), layer(TOP), layer(tar({ path: 'opt/new', content: 'nn' }, { path: 'usr/bin/env', content: 'y'.repeat(1000), mode: 0o755 }))];
  const from = await registry(t, { v1: [base, top], v2: [base, other] });
  const [left, right] = [await open(t, from, 'v1'), await open(t, from, 'v2')];
  const found = await left.compare(right);
  assert.deepEqual(found.shared, [{ digest: base.descriptor.digest, size: base.bytes.length, left: 0, right: 0 }]);
  assert.deepEqual([found.onlyLeft, found.onlyRight, found.leftSize, found.rightSize, found.total], [[1], [1], 1010, 2013, 5]);
  assert.deepEqual(found.differences.map(({ path, kind, aspects, delta }) => [path, kind, aspects, delta]), [
    ['etc/motd', 'changed', ['content', 'size', 'mode', 'owner'], -4],
    ['opt/new', 'changed', ['content', 'size'], 1],
    ['root/.ssh', 'added', [], 0],
    ['root/.ssh/id_rsa', 'added', [], 6],
    ['usr/bin/env', 'changed', ['content'], 0],
  ]);
  assert.equal(found.differences[1].left.size, 1);
  assert.equal(found.differences[1].right.size, 2);
  const page = await left.compare(right, { kinds: ['changed'], search: 'OPT', sort: '-delta', limit: 1 });
  assert.deepEqual([page.total, page.differences.map(({ path }) => path), page.added], [1, ['opt/new'], found.added]);
  assert.equal((await left.compare(left)).total, 0);
  right.close();
  await assert.rejects(left.compare(right), { kind: 'Misuse' });
});

test('files whose contents nobody could compare are counted, and are no difference', async (t) => {
  const contents = { same: 'alike as far as one can see', other: 'this one is longer' };
  const looked = (more) => layer(tar(...Object.entries({ ...contents, ...more }).map(([path, content]) => ({ path, content }))));
  const from = await registry(t, { v1: [estargz(contents)], v2: [looked({ other: 'shorter' })], v3: [looked({})] });
  const [left, right, third] = [await open(t, from, 'v1'), await open(t, from, 'v2'), await open(t, from, 'v3')];
  const { unknown, differences } = await left.compare(right, { search: 'e' });
  assert.deepEqual([unknown, differences.map(({ path, kind }) => [path, kind])], [1, [['other', 'changed'], ['stargz.index.json', 'removed']]]);
  const alike = await left.compare(third);
  assert.deepEqual([alike.unknown, alike.added, alike.removed, alike.changed, (await right.compare(third)).unknown], [2, 0, 1, 0, 0]);
});

test('L04: gzip, zstd and plain layers are told by their bytes', async (t) => {
  const archives = ['a', 'b', 'c'].map((name) => tar({ path: name, content: name.repeat(200_000) }));
  const files = await open(t, await image(t, layer(archives[0], { type: 'tar' }), layer(archives[1], { pack: zstd, type: 'tar+gzip' }), layer(archives[2], { pack: (bytes) => bytes, type: 'tar+zstd' })));
  assert.deepEqual(files.layers.map(({ compression, unpacked, diffId, state }) => [compression, unpacked, diffId, state]), [
    ['gzip', archives[0].length, 'match', 'ready'], ['zstd', archives[1].length, 'match', 'ready'], ['uncompressed', archives[2].length, 'match', 'ready'],
  ]);
  for (const name of ['a', 'b', 'c']) {
    const { bytes, verified } = await files.read(name);
    assert.ok(Buffer.from(bytes).equals(Buffer.from(name.repeat(200_000))), name);
    assert.equal(verified, true);
  }
});

test('L09: names of any bytes come through', async (t) => {
  const names = [Buffer.from('line\nbreak'), Buffer.from([0x61, 0xff, 0x62]), Buffer.from('\u202e\u{1f600}')];
  const files = await open(t, await image(t, layer(tar(...names.map((path) => ({ path, content: 'x' })), { path: 'after', type: 'symlink', link: 'l\ni' }))));
  const { rows } = await files.list(0, { sort: 'name' });
  assert.deepEqual(rows.map(({ name }) => name).sort(), ['a\ufffdb', 'after', 'line\nbreak', '\u202e\u{1f600}'].sort());
  assert.equal(rows.find(({ name }) => name === 'after').link, 'l\ni');
  const odd = rows.find(({ name }) => name === 'a\ufffdb');
  assert.equal(Buffer.from((await files.read(odd.id)).bytes).toString(), 'x');
});

test('L11: another diff_id is told, and nobody looks where nobody asked', async (t) => {
  const from = await image(t, layer(BASE), layer(TOP, { diffId: layer(BASE).diffId }));
  assert.deepEqual((await open(t, from)).layers.map(({ diffId }) => diffId), ['match', 'mismatch']);
  const files = await open(t, await image(t, layer(BASE)), 'v1', { verifyDiffIds: false });
  assert.equal(files.layers[0].diffId, 'unchecked');
});

test('L03: a broken layer shows what was there before, and the others are whole', async (t) => {
  const long = tar({ path: 'first', content: noise(300_000) }, { path: 'second', content: noise(300_000, 2) });
  const broken = layer(long, { pack: (bytes) => gzipSync(bytes).subarray(0, 400_000) });
  const files = await open(t, await image(t, layer(BASE), broken));
  assert.equal(files.partial, true);
  const [whole, partial] = files.layers;
  assert.deepEqual([whole.state, partial.state, partial.error.kind, partial.error instanceof PortolanError], ['ready', 'partial', 'CorruptLayer', true]);
  assert.equal((await files.stat('first')).size, 300_000);
  assert.equal((await files.stat('usr/bin/env')).size, 1000);
});

test('L01: a bomb ends at the limit, and the worker goes on', async (t) => {
  const header = tar({ path: 'zeros', content: Buffer.alloc(1 << 20) }).subarray(0, 512);
  const files = await open(t, await image(t, layer(header, { pack: (first) => zstdBomb(first, 1 << 30) }), layer(BASE)));
  const [bomb, base] = files.layers;
  assert.deepEqual([bomb.state, bomb.error.kind, bomb.entries, base.state], ['partial', 'LimitExceeded', 1, 'ready']);
  assert.match(bomb.error.message, /expansion/);
  assert.equal((await files.stat('zeros')).size, 1 << 20);
});

test('a layer that is not there says so, and so does one that is something else', async (t) => {
  const [missing, other] = [layer(TOP), layer(tar('other'))];
  const from = await registry(t, { v1: [layer(BASE), missing, other] }, (_, response, name) => {
    if (name === missing.descriptor.digest) response.writeHead(404).end();
    else if (name === other.descriptor.digest) response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(gzipSync(tar('wrong')));
    return response.headersSent;
  });
  const files = await open(t, from);
  const [, absent, wrong] = files.layers;
  assert.deepEqual([absent.state, absent.error.kind], ['failed', 'NotFound']);
  assert.notEqual(wrong.state, 'ready');
  assert.ok(['DigestMismatch', 'SizeMismatch'].includes(wrong.error.kind));
  assert.deepEqual((await files.list(0)).rows.map(({ name }) => name).slice(0, 1), ['etc']);
});

test('progress is told in bytes, layer by layer', async (t) => {
  const big = layer(tar({ path: 'noise', content: noise(3 << 20) }));
  const told = [];
  const from = await image(t, big, layer(BASE));
  await open(t, from, 'v1', { onProgress: (progress) => told.push(progress) });
  const total = big.bytes.length + layer(BASE).bytes.length;
  assert.deepEqual([told[0].received, told[0].total, told[0].layers.map(({ state }) => state)], [0, total, ['waiting', 'waiting']]);
  assert.deepEqual([told.at(-1).received, told.at(-1).total, told.at(-1).layers.map(({ state }) => state)], [total, total, ['ready', 'ready']]);
  assert.ok(told.every(({ received }, at) => at === 0 || received >= told[at - 1].received));
  assert.equal(told.at(-1).layers[0].downloaded, big.bytes.length);
});

test('layers that are known are not downloaded again', async (t) => {
  const [base, top, other] = [layer(BASE), layer(TOP), layer(tar('third'))];
  const from = await registry(t, { v1: [base, top, top], v2: [base, other] });
  const first = await open(t, from, 'v1');
  assert.deepEqual([base, top].map(({ descriptor: { digest } }) => from.sent(digest)), [base.bytes.length, top.bytes.length]);
  const plan = await planFiles(new Registry(from.url), 'a/b', await new Registry(from.url).image('a/b', 'v2'));
  assert.deepEqual(plan, { layers: [{ digest: base.descriptor.digest, size: base.bytes.length, cached: true }, { digest: other.descriptor.digest, size: other.bytes.length, cached: false }], download: other.bytes.length });
  const second = await open(t, from, 'v2');
  assert.deepEqual(second.layers.map(({ cached, downloaded }) => [cached, downloaded]), [[true, 0], [false, other.bytes.length]]);
  assert.equal(from.sent(base.descriptor.digest), base.bytes.length);
  // Whose they are is part of the question.
  const stranger = await open(t, from, 'v1', { identity: 'somebody else' });
  assert.deepEqual(stranger.layers.map(({ cached }) => cached), [false, false, false]);
  assert.equal(first.layers[2].state, 'ready');
});
