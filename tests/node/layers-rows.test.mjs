// Rows of section L of the fault table (docs/architecture.md, "Tests") that the package holds as a whole: in the module, through the worker.
import assert from 'node:assert/strict';
import test from 'node:test';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { layer, noise, registry, tar, zstd } from './images.mjs';
import { layers as portolanLayers, portolan } from './package.mjs';

const { Registry } = portolan;
const { openFiles } = portolanLayers;
const GOOD = tar('good');

/** Opens an image of these layers; closes it with the test. */
async function open(t, layers, options = {}) {
  const { url } = await registry(t, { v1: layers });
  const from = new Registry(url);
  const files = await openFiles(from, 'a/b', await from.image('a/b', 'v1'), options);
  t.after(() => files.close());
  return files;
}

/** How a layer ended: its state, the kind of its error, and its entries. */
const outcome = ({ state, error, entries }) => [state, error?.kind, entries];

/** A zstd frame with this window descriptor: 0x38 is 128 KiB, and 8 more are twice as much. */
function framed(window) {
  return (archive) => { const bytes = zstd(archive); bytes[5] = window; return bytes; };
}

/** Paths of a layer's view with their flags. */
async function flags(files, options = {}) {
  const { rows } = await files.search('', { sort: 'name', ...options });
  return Object.fromEntries(rows.map(({ path, flags }) => [path, flags.join()]));
}

test('L01: four gigabytes of zeros in a gzip layer end at the limit, and the next layer is whole', async (t) => {
  const zeros = deflateRawSync(Buffer.alloc(1 << 20), { finishFlush: constants.Z_SYNC_FLUSH });
  const header = deflateRawSync(tar({ path: 'zeros', size: 8 * 2 ** 30 }).subarray(0, 512), { finishFlush: constants.Z_SYNC_FLUSH });
  const bomb = Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]), header, ...Array.from({ length: 4200 }, () => zeros)]);
  const files = await open(t, [layer(GOOD, { pack: () => bomb }), layer(GOOD)], { verifyDiffIds: false });
  assert.deepEqual(files.layers.map(outcome), [['partial', 'LimitExceeded', 1], ['ready', undefined, 1]]);
  assert.match(files.layers[0].error.message, /uncompressed size of a layer/);
});

test('L02: a window above 32 MiB is refused before there is one, and 32 MiB are not', async (t) => {
  const files = await open(t, [layer(GOOD, { pack: framed(0x80) }), layer(GOOD, { pack: framed(0x79) }), layer(GOOD, { pack: framed(0x78) })]);
  assert.deepEqual(files.layers.map(outcome), [['partial', 'LimitExceeded', 0], ['partial', 'LimitExceeded', 0], ['ready', undefined, 1]]);
  assert.match(files.layers[0].error.message, /window of a zstd frame \(limit 33554432\)/);
});

test('L03: wherever a layer is damaged or cut, it is corrupt, and what came before is there', async (t) => {
  const archive = tar({ path: 'first', content: noise(150_000) }, { path: 'second', content: noise(150_000, 2) });
  const flipped = (bytes, at) => { const copy = Buffer.from(bytes); copy[at] ^= 1; return copy; };
  const packs = [
    (bytes) => flipped(gzipSync(bytes), 200_000), (bytes) => gzipSync(bytes).subarray(0, -4), (bytes) => flipped(gzipSync(bytes), gzipSync(bytes).length - 8),
    (bytes) => framed(0x38)(bytes).subarray(0, 290_000), (bytes) => bytes.subarray(0, 200_000), (bytes) => flipped(bytes, 150_600),
  ];
  const files = await open(t, packs.map((pack) => layer(archive, { pack })));
  for (const [at, { state, error, entries }] of files.layers.entries()) {
    assert.deepEqual([at, state, error.kind, error.stage], [at, 'partial', 'CorruptLayer', 'layer']);
    assert.ok(entries >= 1, `${at}: ${entries}`);
  }
  assert.equal((await files.stat('first')).size, 150_000);
});

test('L04: members and frames go on, and a media type that says something else is noted, from the cache too', async (t) => {
  const halves = (bytes) => [bytes.subarray(0, 700), bytes.subarray(700)];
  const archive = tar({ path: 'a', content: noise(1000) });
  const layers = [
    layer(archive, { pack: (bytes) => Buffer.concat(halves(bytes).map((half) => gzipSync(half))), type: 'tar+gzip' }),
    layer(archive, { pack: (bytes) => Buffer.concat(halves(bytes).map(zstd)), type: 'tar+gzip' }),
    layer(archive, { pack: (bytes) => bytes, type: 'tar+zstd' }),
    layer(tar({ path: 'a', content: 'b' }), { type: 'tar' }),
  ];
  const { url } = await registry(t, { v1: layers });
  const from = new Registry(url);
  const expected = [
    ['gzip', 'match', []], ['zstd', 'match', ['the media type says gzip, and the layer is zstd']],
    ['uncompressed', 'match', ['the media type says zstd, and the layer is uncompressed']], ['gzip', 'match', ['the media type says uncompressed, and the layer is gzip']],
  ];
  for (const cached of [false, true]) {
    const files = await openFiles(from, 'a/b', await from.image('a/b', 'v1'));
    t.after(() => files.close());
    assert.deepEqual(files.layers.map((layer) => [layer.compression, layer.diffId, layer.notes]), expected);
    assert.ok(files.layers.every((layer) => layer.state === 'ready' && layer.cached === cached));
    assert.equal((await files.read('a', { layer: 1 })).verified, true);
  }
});

test('L05: a million entries are listed; one more stops the listing cleanly', async (t) => {
  const over = Buffer.concat([gzipSync(headers(1_000_000), { level: 1 }), gzipSync(tar('more'))]);
  const files = await open(t, [layer(GOOD, { pack: () => over }), layer(GOOD)], { verifyDiffIds: false });
  assert.deepEqual(files.layers.map(outcome), [['partial', 'LimitExceeded', 1_000_000], ['partial', 'LimitExceeded', 0]]);
  for (const { error } of files.layers) assert.match(error.message, /entries of (a layer|one image) \(limit 1000000\)/);
  assert.deepEqual([(await files.search('f0999999')).total, (await files.list(0)).total, (await files.stat(1)).type], [1, 1000, 'directory']);
});

/** Headers of so many empty files, in a thousand directories that no entry names. */
function headers(count) {
  const first = tar('d000/f0000000').subarray(0, 512);
  const bare = first.reduce((sum, byte, at) => sum + (at < 13 || at >= 148 && at < 156 ? 0 : byte), 8 * 32);
  const blocks = Buffer.alloc(count * 512);
  for (let at = 0; at < count; at += 1) {
    const path = `d${String(at % 1000).padStart(3, '0')}/f${String(at).padStart(7, '0')}`;
    first.copy(blocks, at * 512);
    blocks.write(path, at * 512, 'latin1');
    let sum = bare;
    for (let letter = 0; letter < path.length; letter += 1) sum += path.charCodeAt(letter);
    blocks.write(`${sum.toString(8).padStart(6, '0')}\0 `, at * 512 + 148, 'latin1');
  }
  return blocks;
}

test('L06: names are clamped to the root, and links that escape lead nowhere', async (t) => {
  const files = await open(t, [layer(tar(
    { path: '../../up', content: 'u' }, { path: '/absolute', content: 'a' }, { path: 'a/../../b', content: 'b' }, { path: './plain', content: 'p' },
    { path: 'out', type: 'symlink', link: '../../etc/passwd' }, { path: 'root', type: 'symlink', link: '/etc/passwd' }, { path: 'hard', type: 'hardlink', link: '../up' },
  ))]);
  assert.deepEqual(await flags(files), { absolute: 'absolute', b: 'escapes', hard: 'link-escapes', out: 'link-escapes', plain: '', root: '', up: 'escapes' });
  assert.equal(Buffer.from((await files.read('up')).bytes).toString(), 'u');
  assert.equal((await files.stat('out')).link, '../../etc/passwd');
  await assert.rejects(files.read('out'), { kind: 'Misuse', message: /only files have content/ });
  assert.equal(await files.stat('../up'), undefined);
});

test('L07: the size of a pax record counts, and a difference is flagged', async (t) => {
  const files = await open(t, [layer(tar({ path: 'conflict', content: 'abc', size: 700, pax: { size: '3' } }, { path: 'same', content: 'abc', pax: { size: '3' } }, 'after'))]);
  assert.deepEqual(await flags(files), { after: '', conflict: 'size-conflict', same: '' });
  assert.deepEqual([(await files.stat('conflict')).size, Buffer.from((await files.read('conflict')).bytes).toString()], [3, 'abc']);
});

test('L08: sizes that are none are corrupt, and what a sparse file claims is only a number', async (t) => {
  const fields = ['-0000000001', 'garbage', '\xff'.repeat(12), '\x80\0\0\0\x80\0\0\0\0\0\0\0'];
  const files = await open(t, [
    ...fields.map((size, at) => layer(tar(`before${at}`, { path: 'wrong', fields: [[124, size]] }))),
    layer(tar({ path: 'huge', fields: [[124, '\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff']] })),
    layer(tar({ path: 'wrong', pax: { 'GNU.sparse.map': '0,3,1,2' }, content: 'abc' })),
    layer(tar(...['one', 'two'].map((path) => ({ path, pax: { 'GNU.sparse.size': '9223372036854775807', 'GNU.sparse.map': '0,3' }, content: 'abc' })))),
  ]);
  assert.deepEqual(files.layers.map(outcome), [
    ...fields.map(() => ['partial', 'CorruptLayer', 1]), ['partial', 'CorruptLayer', 1], ['partial', 'CorruptLayer', 0], ['ready', undefined, 2],
  ]);
  const { size, flags } = await files.stat('one');
  assert.deepEqual([size, flags, files.size], [2 ** 63, ['sparse'], 2 ** 64]);
  const { bytes, complete } = await files.read('one', { limit: 10 });
  assert.deepEqual([Buffer.from(bytes).toString('latin1'), complete], ['abc\0\0\0\0\0\0\0', false]);
});

test('L09: long names come whole or cut, a NUL in one is flagged', async (t) => {
  const [long, longer] = ['x/'.repeat(150) + 'end', 'y'.repeat(5000)];
  const files = await open(t, [layer(tar(
    { path: '././@LongLink', type: 'L', content: `${long}\0` }, 'short', { path: 'pax', pax: { path: longer } }, { path: 'pax', pax: { path: 'nul\0inside' } },
  ))]);
  assert.equal((await files.stat(long)).name, 'end');
  const { rows: [cut] } = await files.search('yyy');
  assert.deepEqual([cut.path, cut.flags], [longer.slice(0, 4096), ['cut']]);
  const { rows: [nul] } = await files.search('nul');
  assert.deepEqual([nul.path, nul.flags], ['nul\0inside', ['nul']]);
});

test('L10: whiteouts, opaque directories, repeated paths and devices are as the rules have it', async (t) => {
  const base = tar('a/', 'a/one', 'a/two', 'b/', 'b/old', { path: 'c', content: 'file' }, { path: 'dev/null', type: 'char-device', fields: [[329, '0000001\0'], [337, '0000003\0']] });
  const top = tar('a/.wh.one', 'a/.wh.never', 'b/new', 'b/.wh..wh..opq', 'c/', 'c/below', { path: 'twice', content: 'first' }, { path: 'twice', content: 'second!' });
  const files = await open(t, [layer(base), layer(top)]);
  const { rows } = await files.search('');
  assert.deepEqual(rows.map(({ path }) => path).sort(), ['a', 'a/two', 'b', 'b/new', 'c', 'c/below', 'dev', 'dev/null', 'twice']);
  const gone = await files.search('', { layer: 1, changes: ['deleted'] });
  assert.deepEqual(gone.rows.map(({ path }) => path).sort(), ['a/one', 'b/old']);
  const [device, directory, twice] = [await files.stat('dev/null'), await files.stat('c'), await files.stat('twice')];
  assert.deepEqual([device.type, directory.type, twice.size, twice.flags], ['char-device', 'directory', 7, ['repeated']]);
  assert.equal((await files.history('b/old')).at(-1).opaque, true);
  await assert.rejects(files.read('dev/null'), { kind: 'Misuse' });
});
