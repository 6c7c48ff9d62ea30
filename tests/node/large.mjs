// A layer too large to be held in memory, made once on disk and sent from there.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { noise, OCI, tar } from './images.mjs';

/** Bytes of each file that is only there to be in the way. No multiple of the distance of checkpoints. */
const PIECE = 5 << 20;

/**
 * A gzip layer of one member with the file `wanted` in its middle, and as many others around it as make `pieces`. `send` answers a
 * request for it, or for part of it, and tells `count` how much goes.
 */
export async function large(t, pieces, wanted) {
  const folder = await mkdtemp(join(tmpdir(), 'portolan-layer-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'layer');
  const writer = new Writer(await open(path, 'w'));
  await writer.write(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]));
  // Six bits in each byte, so that the layer has the codes of a real one and not only blocks that are stored.
  const letters = part(noise(PIECE).map((byte) => 48 + byte % 64));
  for (let at = 0; at < pieces; at += 1) {
    if (at === pieces >> 1) await writer.file(wanted.path, part(wanted.content));
    await writer.file(`piece-${at}`, letters);
  }
  const { digest, diffId, size } = await writer.end();
  const descriptor = { mediaType: `${OCI}layer.v1.tar+gzip`, digest, size };
  return { diffId, descriptor, send: (request, response, count) => send(path, size, request, response, count) };
}

/**
 * Bytes of an archive, and blocks that make them. Blocks of one part mean nothing before it, and the last of them ends with a
 * byte, so that parts may follow each other, the same one many times: compressing is what would take long.
 */
function part(content) {
  const bytes = Buffer.concat([content, Buffer.alloc((512 - content.length % 512) % 512)]);
  return { bytes, length: content.length, blocks: deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) };
}

class Writer {
  #file;
  #digest = createHash('sha256');
  #diffId = createHash('sha256');
  #crc = 0;
  #unpacked = 0;
  #size = 0;

  constructor(file) {
    this.#file = file;
  }

  async file(path, content) {
    await this.#part(part(tar({ path, size: content.length }).subarray(0, 512)));
    await this.#part(content);
  }

  async write(bytes) {
    this.#digest.update(bytes);
    this.#size += bytes.length;
    await this.#file.write(bytes);
  }

  /** The end of the archive, a last block with nothing in it, and the trailer. */
  async end() {
    await this.#part(part(Buffer.alloc(1024)));
    const trailer = Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    trailer.writeUInt32LE(this.#crc, 2);
    trailer.writeUInt32LE(this.#unpacked % 2 ** 32, 6);
    await this.write(trailer);
    await this.#file.close();
    return { size: this.#size, digest: `sha256:${this.#digest.digest('hex')}`, diffId: `sha256:${this.#diffId.digest('hex')}` };
  }

  async #part({ bytes, blocks }) {
    this.#diffId.update(bytes);
    this.#crc = crc32(bytes, this.#crc);
    this.#unpacked += bytes.length;
    await this.write(blocks);
  }
}

function send(path, size, request, response, count) {
  const [, start = 0, last = size - 1] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const [first, end] = [Number(start), Math.min(Number(last), size - 1)];
  const headers = { 'content-type': 'application/octet-stream', 'content-length': end + 1 - first };
  if (request.headers.range) response.writeHead(206, { ...headers, 'content-range': `bytes ${first}-${end}/${size}` });
  else response.writeHead(200, headers);
  const file = createReadStream(path, { start: first, end, highWaterMark: 256 * 1024 });
  file.on('data', (bytes) => count(bytes.length));
  response.on('close', () => file.destroy());
  file.pipe(response);
}
