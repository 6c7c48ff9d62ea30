import { aborted } from '../error.js';

/** Bytes of a message to the worker: large enough that their number does not matter. */
const PIECE = 256 * 1024;
/** Pieces on the way at the most. */
const PIECES = 8;

type Post = (buffer: ArrayBuffer, length: number) => void;

/**
 * Sends a stream to the worker, never faster than the worker reads: a piece is a buffer, the buffer comes back when it was
 * read, and there are only so many of them. Pieces are filled up while the worker is busy and sent as they are when it waits.
 */
export class Feed {
  readonly #post: Post;
  readonly #idle: ArrayBuffer[] = [];
  #made = 0;
  #sent = 0;
  #piece: ArrayBuffer | undefined;
  #used = 0;
  #wake: (() => void) | undefined;

  constructor(post: Post) {
    this.#post = post;
  }

  /** Sends the stream to its end, or until `signal` fires; then the stream is cancelled. */
  async send(stream: ReadableStream<Uint8Array>, signal: AbortSignal, onChunk: (bytes: number) => void): Promise<void> {
    signal.addEventListener('abort', () => this.#wake?.());
    const filling = fillingReader(stream);
    const reader = filling ?? stream.getReader();
    try {
      if (filling) await this.#fill(filling, signal, onChunk);
      else await this.#copy(reader as ReadableStreamDefaultReader<Uint8Array>, signal, onChunk);
      this.#flush();
    } catch (error) {
      await reader.cancel(error).catch(() => undefined);
      throw error;
    }
  }

  /** Has pieces filled as they are. */
  async #fill(reader: ReadableStreamBYOBReader, signal: AbortSignal, onChunk: (bytes: number) => void): Promise<void> {
    for (;;) {
      const piece = this.#piece ?? await this.#buffer(signal);
      this.#piece = undefined;
      const { done, value } = await reader.read(new Uint8Array(piece, this.#used));
      if (!value) throw aborted(signal);
      this.#piece = value.buffer as ArrayBuffer;
      if (done) return;
      onChunk(value.byteLength);
      this.#grow(value.byteLength);
    }
  }

  async #copy(reader: ReadableStreamDefaultReader<Uint8Array>, signal: AbortSignal, onChunk: (bytes: number) => void): Promise<void> {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      onChunk(read.value.byteLength);
      await this.#take(read.value, signal);
    }
  }

  /** A piece was read. */
  credit(buffer: ArrayBuffer): void {
    this.#sent -= 1;
    this.#idle.push(buffer);
    if (this.#sent === 0) this.#flush();
    this.#wake?.();
  }

  async #take(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    for (let at = 0; at < bytes.byteLength;) {
      this.#piece ??= await this.#buffer(signal);
      const part = bytes.subarray(at, at + PIECE - this.#used);
      new Uint8Array(this.#piece).set(part, this.#used);
      at += part.byteLength;
      this.#grow(part.byteLength);
    }
  }

  #grow(bytes: number): void {
    this.#used += bytes;
    if (this.#used === PIECE || this.#sent === 0) this.#flush();
  }

  #flush(): void {
    if (!this.#piece || this.#used === 0) return;
    this.#post(this.#piece, this.#used);
    this.#sent += 1;
    this.#piece = undefined;
    this.#used = 0;
  }

  async #buffer(signal: AbortSignal): Promise<ArrayBuffer> {
    while (this.#idle.length === 0 && this.#made === PIECES) {
      if (signal.aborted) throw aborted(signal);
      await new Promise<void>((resolve) => { this.#wake = resolve; });
    }
    const idle = this.#idle.pop();
    if (idle) return idle;
    this.#made += 1;
    return new ArrayBuffer(PIECE);
  }
}

/** A reader that fills buffers; nothing where the stream, or the browser, has none. */
function fillingReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return stream.getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
}
