import type * as module from '../wasm/portolan.js';
import { aborted, asError } from './error.js';
import type { BlobOptions } from './types.js';

/** A blob as a stream that reads a chunk when one is asked for. */
export function blobStream(blob: module.Blob, options: BlobOptions): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream(new BlobSource(blob, options), { highWaterMark: 0 });
}

class BlobSource implements UnderlyingDefaultSource<Uint8Array<ArrayBuffer>> {
  readonly #blob: module.Blob;
  readonly #options: BlobOptions;
  /** Ends the read under way, whoever wants that: the reader or the caller's signal. */
  readonly #end = new AbortController();
  #reading: Promise<unknown> = Promise.resolve();
  #received = 0n;
  #abort: (() => void) | undefined;

  constructor(blob: module.Blob, options: BlobOptions) {
    this.#blob = blob;
    this.#options = options;
  }

  start(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): void {
    const { signal } = this.#options;
    if (!signal) return;
    this.#abort = () => {
      controller.error(aborted(signal));
      void this.cancel();
    };
    if (signal.aborted) this.#abort();
    else signal.addEventListener('abort', this.#abort);
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): Promise<void> {
    try {
      const reading = this.#blob.next(this.#end.signal) as Promise<Uint8Array<ArrayBuffer> | undefined>;
      this.#reading = reading;
      const chunk = await reading;
      if (this.#end.signal.aborted) return;
      if (chunk) {
        this.#progress(chunk.byteLength);
        controller.enqueue(chunk);
      } else {
        controller.close();
        this.#release();
      }
    } catch (thrown) {
      if (this.#end.signal.aborted) return;
      this.#release();
      throw asError(thrown);
    }
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
