import type * as module from '../wasm/portolan.js';
import { aborted, asError } from './error.js';
import type { BlobOptions } from './types.js';

type Bytes = Uint8Array<ArrayBuffer>;
type Controller = ReadableStreamDefaultController<Bytes> | ReadableByteStreamController;

/**
 * A blob as a stream that reads a chunk when one is asked for. Of bytes, where there are such streams: whoever brings a buffer then
 * has it filled, and no other is made.
 */
export function blobStream(blob: module.Blob, options: BlobOptions): ReadableStream<Bytes> {
  const source = new BlobSource(blob, options);
  if (typeof ReadableByteStreamController === 'undefined') return new ReadableStream<Bytes>(source, { highWaterMark: 0 });
  return new ReadableStream({ ...bound(source), type: 'bytes' }, { highWaterMark: 0 }) as ReadableStream<Bytes>;
}

function bound(source: BlobSource): Pick<UnderlyingByteSource, 'start' | 'pull' | 'cancel'> {
  return {
    start: (controller) => source.start(controller),
    pull: (controller) => source.pull(controller),
    cancel: () => source.cancel(),
  };
}

class BlobSource {
  readonly #blob: module.Blob;
  readonly #options: BlobOptions;
  /** Ends the read under way, whoever wants that: the reader or the caller's signal. */
  readonly #end = new AbortController();
  #reading: Promise<unknown> = Promise.resolve();
  /** What did not fit into the buffer that was there. */
  #rest: Bytes | undefined;
  #received = 0n;
  #abort: (() => void) | undefined;

  constructor(blob: module.Blob, options: BlobOptions) {
    this.#blob = blob;
    this.#options = options;
  }

  start(controller: Controller): void {
    const { signal } = this.#options;
    if (!signal) return;
    this.#abort = () => {
      controller.error(aborted(signal));
      void this.cancel();
    };
    if (signal.aborted) this.#abort();
    else signal.addEventListener('abort', this.#abort);
  }

  async pull(controller: Controller): Promise<void> {
    try {
      const chunk = this.#rest ?? await this.#next();
      this.#rest = undefined;
      if (this.#end.signal.aborted) return;
      if (chunk) return this.#give(chunk, controller);
      controller.close();
      // A buffer that waits is given back empty.
      request(controller)?.respond(0);
      this.#release();
    } catch (thrown) {
      if (this.#end.signal.aborted) return;
      this.#release();
      throw asError(thrown);
    }
  }

  async #next(): Promise<Bytes | undefined> {
    const reading = this.#blob.next(this.#end.signal) as Promise<Bytes | undefined>;
    this.#reading = reading;
    const chunk = await reading;
    if (chunk && !this.#end.signal.aborted) this.#progress(chunk.byteLength);
    return chunk;
  }

  /** The chunk's own buffer is filled again for the next one. */
  #give(chunk: Bytes, controller: Controller): void {
    const waiting = request(controller);
    if (!waiting?.view) return (controller as ReadableStreamDefaultController<Bytes>).enqueue(chunk.slice());
    const { buffer, byteOffset, byteLength } = waiting.view;
    const part = chunk.subarray(0, byteLength);
    new Uint8Array(buffer, byteOffset, part.byteLength).set(part);
    if (part.byteLength < chunk.byteLength) this.#rest = chunk.subarray(byteLength);
    waiting.respond(part.byteLength);
  }

  async cancel(): Promise<void> {
    if (this.#end.signal.aborted) return;
    this.#end.abort();
    // The module lends the blob to the read under way; it comes back when that has ended.
    await this.#reading.catch(() => undefined);
    this.#release();
  }

  #progress(bytes: number): void {
    this.#received += BigInt(bytes);
    const { size, onProgress } = this.#options;
    onProgress?.(size === undefined ? { received: this.#received } : { received: this.#received, total: size });
  }

  #release(): void {
    if (this.#abort) this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#blob.free();
  }
}

/** The buffer that somebody brought. */
function request(controller: Controller): ReadableStreamBYOBRequest | null {
  return 'byobRequest' in controller ? controller.byobRequest : null;
}
