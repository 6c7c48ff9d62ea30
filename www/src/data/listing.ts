import type { Listing, Page, Registry } from 'portolan';
import { naturalKey } from '../analysis/natural';
import { extendOrder, Slices, type Work } from '../analysis/order';
import { Store } from './store';
import { nextTurn, turns } from './turn';
import { client, patientClient, type RegistryEntry } from './session';

/** A long list as it stands: grows page by page. Arrays are shared and only ever appended to; `revision` tells of change. */
export interface Listed {
  revision: number;
  /** In the order of the registry. */
  names: string[];
  /** Lower case, for filtering. */
  texts: string[];
  /** Positions in version-aware ascending order, always of all names so far. */
  order: Uint32Array;
  pages: number;
  /** Names that no registry may use, left out. */
  skipped: number;
  state: 'loading' | 'complete' | 'partial' | 'failed';
  /** Why the list is not whole; for `failed`, what was thrown. */
  reason?: NonNullable<Page['truncated']>;
  error?: unknown;
}

type Source = (registry: Registry, signal: AbortSignal) => Listing;

const PAGE = 1000;
/** Pages are shown at most this often, milliseconds: a fast registry must not redraw the list for each. */
const BEAT = 100;

/** Reads one listing once and keeps it, so that going back is instant. */
export class ListingStore extends Store<Listed> {
  private readonly entry: RegistryEntry;
  private readonly source: Source;
  private keys: string[] = [];
  private abort: AbortController | undefined;
  private draft: Listed = empty();
  private pageLimit = 1000;

  constructor(entry: RegistryEntry, source: Source) {
    super(empty());
    this.entry = entry;
    this.source = source;
  }

  /** Starts reading, unless it was started before and is not stopped. */
  start(): void {
    if (!this.abort) void this.read(() => client(this.entry));
  }

  /** Reads again from the first page; what is shown stays until then. */
  reload(): void {
    this.stop();
    this.start();
  }

  /** Reads further than the limit of pages that stopped the listing. */
  goOn(): void {
    this.stop();
    this.pageLimit *= 10;
    void this.read(() => patientClient(this.entry, this.pageLimit));
  }

  stop(): void {
    this.abort?.abort();
    this.abort = undefined;
  }

  private async read(open: () => Promise<Registry>): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    this.keys = [];
    this.draft = { ...empty(), revision: this.value.revision };
    let shown = performance.now();
    try {
      for await (const page of this.source(await open(), abort.signal).pages()) {
        if (abort.signal.aborted) return;
        await this.take(page, turns(abort.signal));
        if (this.draft.pages === 1 || performance.now() - shown >= BEAT) {
          this.show('loading');
          shown = performance.now();
          await nextTurn();
        }
      }
      if (!abort.signal.aborted) this.show(this.draft.reason ? 'partial' : 'complete');
    } catch (error) {
      if (abort.signal.aborted) return;
      this.draft.error = error;
      this.show(this.draft.names.length > 0 ? 'partial' : 'failed');
    }
  }

  private async take(page: Page, work: Work): Promise<void> {
    const { draft } = this;
    const slices = new Slices(work);
    draft.pages += 1;
    draft.skipped += page.skipped;
    draft.reason = page.truncated;
    for (const name of page.items) {
      draft.names.push(name);
      draft.texts.push(name.toLowerCase());
      this.keys.push(naturalKey(name));
      if (this.keys.length % 512 === 0) await slices.breathe();
    }
    draft.order = await extendOrder(this.keys, draft.order, work);
  }

  private show(state: Listed['state']): void {
    this.draft.revision = this.value.revision + 1;
    this.draft.state = state;
    this.set({ ...this.draft });
  }
}

function empty(): Listed {
  return { revision: 0, names: [], texts: [], order: new Uint32Array(), pages: 0, skipped: 0, state: 'loading' };
}

const listings = new Map<string, ListingStore>();

export function repositoryListing(entry: RegistryEntry): ListingStore {
  return keep(`${entry.id}`, entry, (registry, signal) => registry.repositories({ signal, pageSize: PAGE }));
}

export function tagListing(entry: RegistryEntry, repository: string): ListingStore {
  return keep(`${entry.id}/${repository}`, entry, (registry, signal) => registry.tags(repository, { signal, pageSize: PAGE }));
}

/** Drops what was read, for example after signing in. */
export function forgetListings(entry: RegistryEntry): void {
  for (const [key, listing] of listings) {
    if (key !== entry.id && !key.startsWith(`${entry.id}/`)) continue;
    listing.stop();
    listings.delete(key);
  }
}

function keep(key: string, entry: RegistryEntry, source: Source): ListingStore {
  const known = listings.get(key);
  if (known) return known;
  const created = new ListingStore(entry, source);
  listings.set(key, created);
  return created;
}
