import type { Image } from 'portolan';
import { sharing, nearestTags, type Sharing } from '../analysis/sharing';
import type { TagFacts } from '../analysis/tag-facts';
import { tagListing, type Listed, type ListingStore } from './listing';
import type { RegistryEntry } from './session';
import { Store } from './store';
import { readFacts, tagDetails } from './tag-details';

/** Tags that are looked at, at the most: each costs requests, and registries count these. */
export const LOOKED_AT = 50;
const PARALLEL = 4;

export interface SharingState {
  state: 'idle' | 'looking' | 'done';
  sharing: Sharing;
  /** Tags to look at, and how many of them have answered. */
  wanted: number;
  answered: number;
  failed: number;
}

/**
 * Which layers of an image other tags of its repository have, too. What the list of tags has read already costs nothing; the rest
 * is asked for only when a person wants to know.
 */
export class SharingStore extends Store<SharingState> {
  private readonly entry: RegistryEntry;
  private readonly repository: string;
  private readonly image: Image;
  private readonly platform: string;
  private abort: AbortController | undefined;

  constructor(entry: RegistryEntry, repository: string, image: Image, platform: string) {
    const known = sharing(image.manifest.digest, image.layers.map(({ digest }) => digest), knownTags(entry, repository, platform));
    super({ state: 'idle', sharing: known, wanted: 0, answered: 0, failed: 0 });
    this.entry = entry;
    this.repository = repository;
    this.image = image;
    this.platform = platform;
  }

  /** Looks at the tags around `tag`. */
  async look(tag: string | undefined): Promise<void> {
    if (this.value.state === 'looking') return;
    const abort = new AbortController();
    this.abort = abort;
    this.set({ ...this.value, state: 'looking', answered: 0, failed: 0 });
    const { names, order } = await wholeListing(tagListing(this.entry, this.repository), abort.signal);
    if (abort.signal.aborted) return;
    const wanted = nearestTags(Array.from(order, (index) => names[index] ?? ''), tag, LOOKED_AT);
    this.set({ ...this.value, wanted: wanted.length });
    const queue = [...wanted];
    await Promise.all(Array.from({ length: PARALLEL }, () => this.work(queue, abort.signal)));
    if (!abort.signal.aborted) this.set({ ...this.value, state: 'done' });
  }

  stop(): void {
    this.abort?.abort();
    if (this.value.state === 'looking') this.set({ ...this.value, state: 'idle' });
  }

  private async work(queue: string[], signal: AbortSignal): Promise<void> {
    const details = tagDetails(this.entry, this.repository, this.platform);
    for (let tag = queue.shift(); tag !== undefined && !signal.aborted; tag = queue.shift()) {
      let failed = 0;
      if (details.get(tag)?.state !== 'ready') {
        try {
          details.set(tag, { state: 'ready', value: await readFacts(this.entry, this.repository, tag, this.platform, signal) });
        } catch {
          // A tag that cannot be read tells nothing about this image: it is counted, and its own row says why.
          failed = 1;
        }
      }
      if (signal.aborted) return;
      const { image, value } = this;
      const known = sharing(image.manifest.digest, image.layers.map(({ digest }) => digest), knownTags(this.entry, this.repository, this.platform));
      this.set({ ...value, sharing: known, answered: value.answered + 1, failed: value.failed + failed });
    }
  }
}

function* knownTags(entry: RegistryEntry, repository: string, platform: string): Generator<readonly [string, TagFacts], undefined> {
  for (const [tag, detail] of tagDetails(entry, repository, platform)) {
    if (detail.state === 'ready') yield [tag, detail.value];
  }
  return undefined;
}

/** The list of tags once it is read as far as it goes, or the first pages of a long one. */
function wholeListing(listing: ListingStore, signal: AbortSignal): Promise<Listed> {
  return new Promise((resolve) => {
    const enough = (): boolean => listing.value.state !== 'loading' || listing.value.names.length >= 5000;
    const done = (): void => {
      stop();
      resolve(listing.value);
    };
    const stop = listing.subscribe(() => (enough() ? done() : undefined));
    signal.addEventListener('abort', done, { once: true });
    listing.start();
    if (enough()) done();
  });
}
