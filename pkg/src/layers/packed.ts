import type { Cache } from './cache.js';

/** How a gzip file begins. An index begins with another byte. */
const GZIP = 0x1f;

/** Keeps in another cache, compressed: the module leaves that to the browser. */
export class Packed implements Cache {
  readonly #inner: Cache;

  constructor(inner: Cache) {
    this.#inner = inner;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const found = await this.#inner.get(key);
    if (found?.[0] !== GZIP) return found;
    return through(found, new DecompressionStream('gzip')).catch(() => undefined);
  }

  async put(key: string, bytes: Uint8Array, limit: number): Promise<void> {
    await this.#inner.put(key, await through(bytes, new CompressionStream('gzip')).catch(() => bytes), limit);
  }

  drop(key: string): Promise<void> {
    return this.#inner.drop(key);
  }
}

async function through(bytes: Uint8Array, stream: GenericTransformStream): Promise<Uint8Array> {
  const writer = (stream.writable as WritableStream<Uint8Array>).getWriter();
  // What goes wrong is said at the other end, too.
  void writer.write(bytes).then(() => writer.close()).catch(() => undefined);
  return new Uint8Array(await new Response(stream.readable as ReadableStream<Uint8Array>).arrayBuffer());
}
