// The others: what JavaScript has for inflating, hashing and reading archives, in every combination. Runs in Node and in browsers.
import { sha256 as noble } from '@noble/hashes/sha2.js';
import { Gunzip } from 'fflate';
import { createSHA256 } from 'hash-wasm';
import { createTarDecoder } from 'modern-tar';
import pako from 'pako';
import tarStream from 'tar-stream';

// Each takes an async iterable of chunks and gives one.
const INFLATE = {
  async *DecompressionStream(chunks) {
    const stream = new DecompressionStream('gzip');
    const writing = (async () => {
      const writer = stream.writable.getWriter();
      for await (const chunk of chunks) await writer.write(chunk);
      await writer.close();
    })();
    const reader = stream.readable.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
    await writing;
  },
  async *fflate(chunks) {
    const made = [];
    const gunzip = new Gunzip((data) => made.push(data));
    for await (const chunk of chunks) {
      gunzip.push(chunk);
      yield* made.splice(0);
    }
    gunzip.push(new Uint8Array(), true);
    yield* made;
  },
  async *pako(chunks) {
    const made = [];
    const inflate = new pako.Inflate({ chunkSize: 65_536 });
    inflate.onData = (data) => made.push(data);
    for await (const chunk of chunks) {
      inflate.push(chunk);
      yield* made.splice(0);
    }
    yield* made;
  },
};

const HASH = {
  'hash-wasm': async () => {
    const hash = (await createSHA256()).init();
    return { update: (bytes) => hash.update(bytes), digest: () => hash.digest('hex') };
  },
  '@noble/hashes': async () => {
    const hash = noble.create();
    return { update: (bytes) => hash.update(bytes), digest: () => [...hash.digest()].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
  },
};

const LEAST = 'by hand';
// Each calls `entry` for every entry.
const WALK = {
  /** Reads names and sizes, and skips bodies: the least that can be done. Knows nothing of long names or pax. */
  async [LEAST](chunks, entry) {
    const text = new TextDecoder();
    let header = new Uint8Array(512);
    let have = 0;
    let skip = 0;
    for await (const chunk of chunks) {
      let at = 0;
      while (at < chunk.length) {
        if (skip > 0) {
          const passed = Math.min(skip, chunk.length - at);
          at += passed;
          skip -= passed;
          continue;
        }
        const part = chunk.subarray(at, at + 512 - have);
        header.set(part, have);
        have += part.length;
        at += part.length;
        if (have < 512) continue;
        have = 0;
        if (header[0] === 0) continue;
        entry(text.decode(header.subarray(0, header.indexOf(0))));
        const size = Number.parseInt(text.decode(header.subarray(124, 136)), 8) || 0;
        skip = Math.ceil(size / 512) * 512;
      }
    }
  },
  async 'tar-stream'(chunks, entry) {
    const extract = tarStream.extract();
    const done = new Promise((resolve, reject) => {
      extract.on('entry', ({ name }, stream, next) => {
        entry(name);
        stream.on('end', next);
        stream.resume();
      });
      extract.on('finish', resolve);
      extract.on('error', reject);
    });
    for await (const chunk of chunks) if (!extract.write(chunk)) await new Promise((resolve) => extract.once('drain', resolve));
    extract.end();
    await done;
  },
  async 'modern-tar'(chunks, entry) {
    const iterator = chunks[Symbol.asyncIterator]();
    const stream = new ReadableStream({
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    });
    const reader = stream.pipeThrough(createTarDecoder()).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      entry(read.value.header.name);
      await read.value.body.cancel();
    }
  },
};

/** Bytes that are read in a millisecond by who reads no faster. */
const PACE = 50_000;
const ROOM = 1 << 18;

/** Names of all combinations, `INFLATE + HASH + WALK`. */
export const COMBINATIONS = Object.keys(INFLATE).flatMap((inflate) => Object.keys(HASH).flatMap((hash) => Object.keys(WALK).map((walk) => `${inflate} + ${hash} + ${walk}`)));
/** Tells combinations of libraries, which read archives, from those that only skip through plain ones. */
export const reads = (name) => !name.endsWith(LEAST);

/** Lists the layer at `url`, its compressed digest verified in the same pass. */
export async function combination(name, { url, digest }) {
  const [inflate, hash, walk] = name.split(' + ');
  const start = performance.now();
  const running = await HASH[hash]();
  const outcome = { entries: 0, first: 0 };
  async function* hashed() {
    for await (const chunk of body(await fetch(url))) {
      running.update(chunk);
      yield chunk;
    }
  }
  await WALK[walk](INFLATE[inflate](hashed()), () => {
    outcome.entries += 1;
    outcome.first ||= performance.now() - start;
  });
  const time = performance.now() - start;
  if (`sha256:${running.digest()}` !== digest) throw new Error(`${name}: another digest`);
  return { ...outcome, time };
}

/** DecompressionStream and nothing else: no hash, no archive. */
export async function alone({ url }) {
  const start = performance.now();
  let bytes = 0;
  for await (const chunk of INFLATE.DecompressionStream(body(await fetch(url)))) bytes += chunk.length;
  return { entries: 0, first: 0, bytes, time: performance.now() - start };
}

/** The request and nothing else, read into one buffer at 50 MB/s: what the environment keeps of a body that comes faster than it is read. */
export async function idle({ url }) {
  const start = performance.now();
  const reader = (await fetch(url)).body.getReader({ mode: 'byob' });
  let bytes = 0;
  for (let room = new Uint8Array(ROOM); ;) {
    const { done, value } = await reader.read(room);
    if (done) return { entries: 0, first: 0, bytes, time: performance.now() - start };
    bytes += value.length;
    room = new Uint8Array(value.buffer);
    const early = bytes / PACE - (performance.now() - start);
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
  }
}

async function* body(response) {
  const reader = response.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}
