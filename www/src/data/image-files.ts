import type { Image } from 'portolan';
import type { FilesPlan, FilesProgress, ImageFiles, LayerFiles } from 'portolan/layers';
import { isSettled } from '../analysis/layer-state';
import { startOf } from '../analysis/opening';
import { client, type RegistryEntry } from './session';
import { Store } from './store';

export interface FilesState {
  /**
   * `asking`: a person has to say so, since much is to be downloaded. `reading`: layers come in. `ready`: all have answered, some perhaps
   * with a failure of their own. `cancelled`, `failed`: nothing can be shown.
   */
  phase: 'idle' | 'planning' | 'asking' | 'reading' | 'ready' | 'cancelled' | 'failed';
  plan?: FilesPlan;
  /** Each layer as it stands, bottom first; empty before reading began. */
  layers: readonly LayerFiles[];
  received: number;
  total: number;
  files?: ImageFiles;
  error?: unknown;
  /** Grows whenever the files are more than they were: views read again. */
  revision: number;
}

const IDLE: FilesState = { phase: 'idle', layers: [], received: 0, total: 0, revision: 0 };
/** Progress is shown at most this often, milliseconds. */
const BEAT = 100;

/** The files of one image: opened once, kept while it is looked at, closed when others need the memory. */
export class FilesStore extends Store<FilesState> {
  readonly image: Image;
  private readonly entry: RegistryEntry;
  private readonly repository: string;
  private abort: AbortController | undefined;
  private shown = 0;
  private eager = false;
  private closed = false;

  constructor(entry: RegistryEntry, repository: string, image: Image) {
    super(IDLE);
    this.entry = entry;
    this.repository = repository;
    this.image = image;
  }

  /** Finds out what it costs, and begins where that is little. `eager`: the files are what the tab is about. */
  prepare(eager: boolean): void {
    const { phase, plan } = this.value;
    if (phase === 'asking' && eager && !this.eager && plan && startOf(plan, true) === 'now') void this.read();
    this.eager ||= eager;
    if (phase === 'idle' && !this.closed) void this.findOut();
  }

  /** Reads, whatever it costs: a person said so. */
  start(): void {
    if (!this.closed) void this.read();
  }

  /** Stops reading. Layers that were read whole are not downloaded again. */
  cancel(): void {
    this.abort?.abort();
    this.abort = undefined;
    if (this.value.phase === 'planning') this.set({ ...this.value, phase: 'idle' });
    if (this.value.phase === 'reading') this.set({ ...this.value, phase: 'cancelled' });
  }

  /** Nobody looks any more: what is being read is stopped, and begins anew when somebody comes back. */
  leave(): void {
    const { phase } = this.value;
    if (phase !== 'reading' && phase !== 'planning') return;
    this.abort?.abort();
    this.set({ ...IDLE, revision: this.value.revision });
  }

  /** Gives the memory back, for good: who comes back gets another store. */
  close(): void {
    this.closed = true;
    this.cancel();
    this.value.files?.close();
    this.set({ ...IDLE, revision: this.value.revision + 1 });
  }

  private async findOut(): Promise<void> {
    const abort = this.begin('planning');
    try {
      const plan = await planOf(await client(this.entry), this.repository, this.image, abort.signal);
      if (abort.signal.aborted) return;
      this.set({ ...this.value, plan, phase: 'asking' });
      if (startOf(plan, this.eager) === 'now') await this.read();
    } catch (error) {
      if (!abort.signal.aborted) this.set({ ...this.value, phase: 'failed', error });
    }
  }

  private async read(): Promise<void> {
    const abort = this.begin('reading');
    this.value.files?.close();
    this.set({ ...this.value, files: undefined, error: undefined, received: 0, total: this.value.plan?.download ?? 0, layers: [] });
    const before = reading;
    let done = (): void => undefined;
    reading = new Promise<void>((resolve) => { done = resolve; });
    try {
      // One image at a time: what two of them share is then downloaded once.
      await before;
      abort.signal.throwIfAborted();
      const [registry, { openFiles }] = await Promise.all([client(this.entry), import('portolan/layers')]);
      const files = await openFiles(registry, this.repository, this.image, {
        signal: abort.signal, onProgress: (progress) => this.progress(progress, abort.signal),
      });
      if (abort.signal.aborted) files.close();
      else this.take(files);
    } catch (error) {
      if (!abort.signal.aborted) this.set({ ...this.value, phase: 'failed', error });
    } finally {
      done();
    }
  }

  private take(files: ImageFiles): void {
    const settled = files.layers.every(isSettled);
    this.set({ ...this.value, files, layers: files.layers, phase: settled ? 'ready' : 'reading', revision: this.value.revision + 1 });
  }

  private progress({ layers, received, total }: FilesProgress, signal: AbortSignal): void {
    if (signal.aborted) return;
    const now = performance.now();
    const settled = layers.filter(isSettled).length;
    const more = settled !== this.value.layers.filter(isSettled).length;
    if (!more && now - this.shown < BEAT) return;
    this.shown = now;
    // What is shown already grows with each layer that is done.
    const grown = more && this.value.files ? { revision: this.value.revision + 1, phase: settled === layers.length ? 'ready' as const : this.value.phase } : {};
    this.set({ ...this.value, layers, received, total, ...grown });
  }

  private begin(phase: 'planning' | 'reading'): AbortController {
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    this.set({ ...this.value, phase });
    return abort;
  }
}

async function planOf(registry: Awaited<ReturnType<typeof client>>, repository: string, image: Image, signal: AbortSignal): Promise<FilesPlan> {
  const { planFiles } = await import('portolan/layers');
  return planFiles(registry, repository, image, { signal });
}

let reading: Promise<void> = Promise.resolve();

/** Stops reading all images but these. */
export function readOnly(these: readonly FilesStore[]): void {
  for (const store of stores.values()) {
    if (!these.includes(store)) store.leave();
  }
}

/** How many images are open at once: two to compare, one to go back to. Listings that were read stay in the cache. */
const OPEN = 3;
const stores = new Map<string, FilesStore>();

/** The files of an image; the same store for the same image. */
export function filesOf(entry: RegistryEntry, repository: string, image: Image): FilesStore {
  const key = `${entry.id}/${repository}@${image.manifest.digest}`;
  const store = stores.get(key) ?? new FilesStore(entry, repository, image);
  stores.delete(key);
  stores.set(key, store);
  for (const [name, old] of [...stores].slice(0, -OPEN)) {
    old.close();
    stores.delete(name);
  }
  return store;
}

/** Drops what was read, for example after signing in. */
export function forgetFiles(entry: RegistryEntry): void {
  for (const [key, store] of stores) {
    if (!key.startsWith(`${entry.id}/`)) continue;
    store.close();
    stores.delete(key);
  }
}
