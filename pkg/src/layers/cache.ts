// Where indexes of layers are kept: IndexedDB, and only while images are open where there is none.

/** Keeps bytes under a key, up to a limit; forgets what was not used for longest. Never fails: it is only a cache. */
export interface Cache {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array, limit: number): Promise<void>;
  drop(key: string): Promise<void>;
}

interface Use { size: number; used: number }

const NAME = 'portolan-layers';
const BYTES = 'indexes';
const USES = 'uses';
/** Milliseconds that a database may take to open: another tab may be holding it. */
const PATIENCE = 3_000;

/** The browser's cache; nothing where it has none, or does not let us (private windows). */
export async function openCache(): Promise<Cache | undefined> {
  const database = await Promise.race([open().catch(() => undefined), new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE))]);
  return database && new Database(database);
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(BYTES);
    request.result.createObjectStore(USES).createIndex('used', 'used');
  };
  const database = await settled(request);
  // A later version in another tab need not wait for this one.
  database.onversionchange = () => database.close();
  return database;
}

class Database implements Cache {
  readonly #database: IDBDatabase;

  constructor(database: IDBDatabase) {
    this.#database = database;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    try {
      const [bytes, uses] = this.#stores();
      const found = await settled(bytes.get(key) as IDBRequest<Uint8Array | undefined>);
      if (!(found instanceof Uint8Array)) return undefined;
      uses.put({ size: found.byteLength, used: Date.now() } satisfies Use, key);
      return found;
    } catch {
      return undefined;
    }
  }

  async put(key: string, bytes: Uint8Array, limit: number): Promise<void> {
    if (bytes.byteLength > limit) return;
    try {
      await this.#put(key, bytes, limit);
    } catch {
      // Mostly there is no room left: half of it, and once more.
      await this.#shrink(limit / 2).then(() => this.#put(key, bytes, limit)).catch(() => undefined);
    }
  }

  async drop(key: string): Promise<void> {
    try {
      for (const store of this.#stores()) store.delete(key);
    } catch { /* It is dropped another time. */ }
  }

  async #put(key: string, bytes: Uint8Array, limit: number): Promise<void> {
    const [stored, uses] = this.#stores();
    stored.put(bytes, key);
    uses.put({ size: bytes.byteLength, used: Date.now() } satisfies Use, key);
    await ended(stored.transaction);
    await this.#shrink(limit);
  }

  /** Forgets the oldest until no more than `limit` bytes are left. */
  async #shrink(limit: number): Promise<void> {
    const [stored, uses] = this.#stores();
    const [sizes, keys] = await Promise.all([settled(uses.index('used').getAll() as IDBRequest<Use[]>), settled(uses.index('used').getAllKeys())]);
    let total = sizes.reduce((sum, { size }) => sum + size, 0);
    for (const [at, { size }] of sizes.entries()) {
      const key = keys[at];
      if (total <= limit || key === undefined) break;
      stored.delete(key);
      uses.delete(key);
      total -= size;
    }
    await ended(stored.transaction);
  }

  #stores(): [IDBObjectStore, IDBObjectStore] {
    const transaction = this.#database.transaction([BYTES, USES], 'readwrite');
    return [transaction.objectStore(BYTES), transaction.objectStore(USES)];
  }
}

/** Keeps in memory: for images that share layers while they are open. */
export class Memory implements Cache {
  readonly #kept = new Map<string, Uint8Array>();
  #size = 0;

  async get(key: string): Promise<Uint8Array | undefined> {
    const bytes = this.#kept.get(key);
    if (!bytes) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, bytes);
    return bytes;
  }

  async put(key: string, bytes: Uint8Array, limit: number): Promise<void> {
    await this.drop(key);
    this.#kept.set(key, bytes);
    this.#size += bytes.byteLength;
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= limit) break;
      await this.drop(oldest);
    }
  }

  async drop(key: string): Promise<void> {
    this.#size -= this.#kept.get(key)?.byteLength ?? 0;
    this.#kept.delete(key);
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}
