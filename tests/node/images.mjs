// Images made on the spot, and a registry that serves them and counts.
import { gzipSync } from 'node:zlib';
import { serve, sha256 } from './server.mjs';

export const OCI = 'application/vnd.oci.image.';
const TYPES = { file: '0', hardlink: '1', symlink: '2', 'char-device': '3', 'block-device': '4', directory: '5', fifo: '6' };

/**
 * An archive of `entries`: a path, or `{ path, content, type, mode, link, ... }`. `pax` are records before it; `fields` overwrite
 * its header, each an offset and bytes.
 */
export function tar(...entries) {
  const parts = entries.map((entry) => typeof entry === 'string' ? { path: entry } : entry).flatMap(record);
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

function record({ path, content = '', type = path.toString().endsWith('/') ? 'directory' : 'file', mode = 0o644, uid = 0, gid = 0, mtime = 0, link = '', size = undefined, pax = undefined, fields = [] }) {
  const body = Buffer.from(content);
  const header = Buffer.alloc(512);
  const put = (at, value, length) => Buffer.from(value).copy(header, at, 0, length);
  const octal = (at, value, length) => put(at, `${value.toString(8).padStart(length - 1, '0')}\0`, length);
  put(0, path, 100);
  octal(100, mode, 8);
  octal(108, uid, 8);
  octal(116, gid, 8);
  octal(124, size ?? body.length, 12);
  octal(136, mtime, 12);
  put(148, '        ', 8);
  put(156, TYPES[type] ?? type, 1);
  put(157, link, 100);
  put(257, 'ustar\x0000', 8);
  for (const [at, bytes] of fields) Buffer.from(bytes, 'latin1').copy(header, at);
  octal(148, header.reduce((sum, byte) => sum + byte, 0), 7);
  const before = pax ? record({ path: 'pax', type: 'x', content: Object.entries(pax).map(([keyword, value]) => paxRecord(keyword, value)).join('') }) : [];
  return [...before, header, body, Buffer.alloc((512 - body.length % 512) % 512)];
}

/** Its length counts all of it, itself too. */
function paxRecord(keyword, value) {
  const rest = ` ${keyword}=${value}\n`;
  let length = rest.length;
  while (`${length}${rest}`.length !== length) length += 1;
  return `${length}${rest}`;
}

/** A layer: an archive, as it lies in the registry, and what the manifest says of it. */
export function layer(archive, { pack = gzipSync, type = 'tar+gzip', annotations, diffId = sha256(archive) } = {}) {
  const bytes = pack(archive);
  return { bytes, diffId, descriptor: { mediaType: `${OCI}layer.v1.${type}`, digest: sha256(bytes), size: bytes.length, ...(annotations && { annotations }) } };
}

/** One zstd frame of blocks that are not compressed. */
export function zstd(bytes) {
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58])];
  for (let at = 0; at === 0 || at < bytes.length; at += 100_000) {
    const block = bytes.subarray(at, at + 100_000);
    const header = block.length << 3 | (at + block.length >= bytes.length ? 1 : 0);
    parts.push(Buffer.from([header & 255, header >> 8 & 255, header >> 16]), block);
  }
  return Buffer.concat(parts);
}

/** A frame that says `first` and then zeros, many thousands for each of its bytes. */
export function zstdBomb(first, zeros) {
  const parts = [zstd(first)];
  parts[0][6] &= 0xfe;
  const rle = Buffer.from([0x02 | (131_072 << 3 & 255), 131_072 << 3 >> 8 & 255, 131_072 << 3 >> 16, 0]);
  for (let made = 0; made < zeros; made += 131_072) parts.push(rle);
  return Buffer.concat([...parts, Buffer.from([0x01, 0, 0])]);
}

/** A layer as eStargz tools write it: a gzip member for each part, and at the end a table of contents, whose digest is announced. */
export function estargz(files, announced) {
  const members = [];
  const entries = [];
  let offset = 0;
  const add = (bytes) => { members.push(gzipSync(bytes)); offset += members.at(-1).length; };
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    add(tar({ path: name, content: bytes }).subarray(0, 512));
    entries.push({ name, type: 'reg', size: bytes.length, mode: 0o644, digest: sha256(bytes), offset, chunkDigest: sha256(bytes) });
    add(Buffer.concat([bytes, Buffer.alloc((512 - bytes.length % 512) % 512)]));
  }
  const toc = Buffer.from(JSON.stringify({ version: 1, entries }));
  const tocAt = offset;
  add(tar({ path: 'stargz.index.json', content: toc }));
  const extra = Buffer.concat([Buffer.from('SG\x16\0'), Buffer.from(`${tocAt.toString(16).padStart(16, '0')}STARGZ`)]);
  const footer = Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, extra.length, 0]), extra, Buffer.from([1, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0])]);
  const annotations = { 'containerd.io/snapshot/stargz/toc.digest': announced ?? sha256(toc) };
  return layer(Buffer.concat([...members, footer]), { pack: (bytes) => bytes, annotations });
}

/** Bytes that do not compress, the same each time. */
export function noise(length, seed = 1) {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let at = 0; at < length; at += 1) {
    state = Math.imul(state, 1103515245) + 12345 >>> 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

/** Everything that images of a repository are made of, with its type: manifests by tag, blobs by digest. */
export function blobs(images) {
  const all = new Map();
  for (const [tag, layers] of Object.entries(images)) {
    const config = Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) } }));
    const own = { mediaType: `${OCI}config.v1+json`, digest: sha256(config), size: config.length };
    const manifest = { schemaVersion: 2, mediaType: `${OCI}manifest.v1+json`, config: own, layers: layers.map(({ descriptor }) => descriptor) };
    all.set(tag, { type: manifest.mediaType, body: Buffer.from(JSON.stringify(manifest)) });
    all.set(own.digest, { type: 'application/octet-stream', body: config });
    for (const { bytes, descriptor } of layers) all.set(descriptor.digest, { type: 'application/octet-stream', body: bytes });
  }
  return all;
}

/**
 * Serves images of `a/b` by tag. `sent` counts bytes of blobs by digest, `requests` names what was asked for; `hook` may answer
 * a blob itself, by returning true.
 */
export async function registry(t, images, hook = () => false) {
  const all = blobs(images);
  const sent = new Map();
  const requests = [];
  const { url, open } = await serve(t, (request, response) => {
    const [, kind, name] = /^\/v2\/a\/b\/(manifests|blobs)\/(.+)$/.exec(request.url) ?? [];
    const { type, body } = all.get(name) ?? {};
    requests.push({ kind, name, range: request.headers.range });
    if (kind === 'blobs' && hook(request, response, name)) return undefined;
    if (body === undefined) return response.writeHead(404, { 'content-type': 'application/json' }).end('{"errors":[{"code":"BLOB_UNKNOWN","message":"no"}]}');
    if (kind === 'manifests') return response.writeHead(200, { 'content-type': type }).end(body);
    return send(request, response, body, (count) => sent.set(name, (sent.get(name) ?? 0) + count));
  });
  return { url, open, requests, sent: (digest) => sent.get(digest) ?? 0 };
}

function drained(response) {
  return new Promise((resolve) => {
    const done = () => resolve(response.off('drain', done).off('close', done));
    response.on('drain', done).on('close', done);
  });
}

/** Sends a blob or the part asked for, no faster than it is read. */
async function send(request, response, whole, count) {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const [first, last] = range ? [Number(range[1]), Math.min(Number(range[2] || whole.length), whole.length - 1)] : [0, whole.length - 1];
  const body = whole.subarray(first, last + 1);
  const headers = { 'content-type': 'application/octet-stream', 'content-length': body.length };
  response.writeHead(range ? 206 : 200, range ? { ...headers, 'content-range': `bytes ${first}-${last}/${whole.length}` } : headers);
  for (let at = 0; at < body.length && !response.destroyed; at += 65_536) {
    const part = body.subarray(at, at + 65_536);
    count(part.length);
    if (!response.write(part)) await drained(response);
  }
  response.end();
}
