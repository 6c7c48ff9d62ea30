import * as module from '../../wasm/portolan_layers.js';
import type { Cache } from './cache.js';
import type { Keeping, LayerInput } from './protocol.js';
import type { Writing } from './writing.js';

/** The indexes that are kept, for who may see them. */
export class Keep {
  readonly #caches: Cache[];
  readonly #limit: number;
  readonly #prefix: string;
  readonly #writing: Writing;

  /** `writing` gathers what must be waited for before the worker may end. */
  constructor(caches: Cache[], { identity, limit }: Keeping, image: number, writing: Writing) {
    this.#caches = caches;
    this.#limit = limit;
    this.#prefix = identity === undefined ? `image ${image}` : hash(identity);
    this.#writing = writing;
  }

  /** The index of a layer, if it is kept; one that is of no use is forgotten. */
  async find(layer: LayerInput): Promise<module.Index | undefined> {
    // It may just be on its way there.
    await this.#writing.all();
    for (const cache of this.#caches) {
      const key = this.#key(layer);
      const bytes = await cache.get(key);
      const index = bytes && module.Index.decode(bytes, layer.digest, layer.size);
      if (index) return index;
      if (bytes) await cache.drop(key);
    }
    return undefined;
  }

  /** Keeps the index of a layer, unless it is partial. */
  put(layer: LayerInput, index: module.Index): void {
    const bytes = this.#caches.length > 0 && this.#limit > 0 ? index.encode() : undefined;
    if (!bytes) return;
    for (const cache of this.#caches) this.#writing.add(() => cache.put(this.#key(layer), bytes, this.#limit));
  }

  #key(layer: LayerInput): string {
    return `${this.#prefix} ${layer.digest}`;
  }
}

/** Addresses and names of users need not lie in the browser's storage for everybody to read. */
function hash(identity: string): string {
  const hash = new module.Sha256();
  hash.update(new TextEncoder().encode(identity));
  return hash.finish();
}
