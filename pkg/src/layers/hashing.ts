import { toRecord } from '../error.js';
import type { Port } from './job.js';
import type { FromHasher, ToHasher } from './protocol.js';

/** A sha256 under way. */
export interface Hash {
  update(bytes: Uint8Array): void;
  /** `sha256:` and the hash. */
  finish(): string;
}

/** Bytes of a message to the hasher. */
const ROOM = 1 << 20;
/** Messages on the way, of all hashes together, before whoever fills them should wait. */
const MANY = 6;

/** Answers the other worker: hashes what it sends, as many layers at once as it likes. */
export function serveHashes(port: Port, ready: Promise<unknown>, start: () => Hash): void {
  const hashes = new Map<number, Hash>();
  const post = (message: FromHasher, transfer: Transferable[] = []) => port.post(message, transfer);
  const handle = (message: ToHasher) => {
    if (message.type === 'bytes') {
      const hash = hashes.get(message.hash) ?? start();
      hashes.set(message.hash, hash);
      hash.update(new Uint8Array(message.buffer, 0, message.length));
      return post({ type: 'credit', buffer: message.buffer }, [message.buffer]);
    }
    const hash = hashes.get(message.hash) ?? start();
    hashes.delete(message.hash);
    // One that is dropped is finished too, since that gives its memory back.
    const digest = hash.finish();
    if (message.type === 'finish') post({ type: 'digest', hash: message.hash, digest });
  };
  const fail = (error: unknown) => post({ type: 'failed', error: toRecord(error) });
  port.listen((message) => void ready.then(() => handle(message as ToHasher)).catch(fail));
}

/** The other end: hands bytes to a worker that hashes them. */
export class Hashing {
  readonly #port: Port;
  readonly #idle: ArrayBuffer[] = [];
  readonly #waiting = new Map<number, (digest: string | undefined) => void>();
  #wake: (() => void)[] = [];
  #sent = 0;
  #hashes = 0;
  #failed = false;

  constructor(port: Port) {
    this.#port = port;
    port.listen((message) => this.#handle(message as FromHasher));
  }

  /** Begins another hash. */
  begin(): Tap {
    this.#hashes += 1;
    return new Tap(this, this.#hashes);
  }

  /** A buffer to fill, for `length` bytes or more. There is always one: whoever fills many asks `calm` now and then. */
  buffer(length: number): ArrayBuffer {
    return length > ROOM ? new ArrayBuffer(length) : this.#idle.pop() ?? new ArrayBuffer(ROOM);
  }

  post(message: ToHasher, transfer: Transferable[] = []): void {
    if (message.type === 'bytes') this.#sent += 1;
    this.#port.post(message, transfer);
  }

  /** Resolves when the hasher has caught up; nothing if it has. */
  calm(): Promise<void> | undefined {
    if (this.#sent < MANY || this.#failed) return undefined;
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  /** What it came to; nothing if the hasher failed. */
  digest(hash: number): Promise<string | undefined> {
    if (this.#failed) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#waiting.set(hash, resolve));
  }

  #handle(message: FromHasher): void {
    if (message.type === 'credit') {
      this.#sent -= 1;
      if (message.buffer.byteLength === ROOM && this.#idle.length < MANY) this.#idle.push(message.buffer);
      if (this.#sent < MANY) this.#wakeAll();
    } else if (message.type === 'digest') {
      this.#waiting.get(message.hash)?.(message.digest);
      this.#waiting.delete(message.hash);
    } else {
      this.#failed = true;
      for (const resolve of this.#waiting.values()) resolve(undefined);
      this.#wakeAll();
    }
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** Where the module puts uncompressed bytes. */
export class Tap {
  readonly #hashing: Hashing;
  readonly #hash: number;
  #buffer: ArrayBuffer | undefined;
  #used = 0;

  constructor(hashing: Hashing, hash: number) {
    this.#hashing = hashing;
    this.#hash = hash;
  }

  /** Room for so many bytes, which are there when the next room is asked for. */
  room(length: number): Uint8Array {
    if (this.#buffer && this.#used + length > this.#buffer.byteLength) this.#flush();
    this.#buffer ??= this.#hashing.buffer(length);
    const room = new Uint8Array(this.#buffer, this.#used, length);
    this.#used += length;
    return room;
  }

  /** Resolves when more may come; nothing if it may at once. */
  calm(): Promise<void> | undefined {
    return this.#hashing.calm();
  }

  /** What all of it hashes to. */
  finish(): Promise<string | undefined> {
    this.#flush();
    this.#hashing.post({ type: 'finish', hash: this.#hash });
    return this.#hashing.digest(this.#hash);
  }

  /** Nobody wants to know any more. */
  drop(): void {
    this.#hashing.post({ type: 'drop', hash: this.#hash });
  }

  #flush(): void {
    if (!this.#buffer || this.#used === 0) return;
    this.#hashing.post({ type: 'bytes', hash: this.#hash, buffer: this.#buffer, length: this.#used }, [this.#buffer]);
    this.#buffer = undefined;
    this.#used = 0;
  }
}
