import type { Extra } from './extra.js';
import type { Tap } from './hashing.js';

/** Where the module puts uncompressed bytes. */
export type Tapped = Pick<Tap, 'room' | 'calm' | 'finish' | 'drop'>;

/** Hashes in this very worker, by an algorithm that is rare. */
export class Sha512Tap implements Tapped {
  readonly #hash: InstanceType<Extra['Sha512']>;
  #filled: Uint8Array | undefined;

  constructor(module: Extra) {
    this.#hash = new module.Sha512();
  }

  /** Room for so many bytes, which are there when the next room is asked for. */
  room(length: number): Uint8Array {
    this.#flush();
    return this.#filled = new Uint8Array(length);
  }

  calm(): undefined {
    return undefined;
  }

  finish(): Promise<string> {
    this.#flush();
    return Promise.resolve(this.#hash.finish());
  }

  drop(): void {
    this.#hash.free();
  }

  #flush(): void {
    if (this.#filled) this.#hash.update(this.#filled);
    this.#filled = undefined;
  }
}
