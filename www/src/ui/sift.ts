import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Listed, ListingStore } from '../data/listing';
import { queryWords, type Work } from '../analysis/order';
import { turns } from '../data/turn';

type Filter = (listed: Listed, order: Uint32Array, query: string) => Promise<Uint32Array>;

/**
 * What of a listing is shown, in which order: filtered in slices, so that typing never waits, and always of the whole list.
 * While the pointer or the focus is on the rows, a list that still grows is held: nothing moves under the pointer.
 */
export class Sift implements ReactiveController {
  listed: Listed = EMPTY;
  /** Positions in `listed.names`. */
  shown: Uint32Array = new Uint32Array();
  /** Changes with `shown`. */
  revision = 0;
  /** A newer filter is at work. */
  busy = false;
  /** Names that were read but are not shown, because the pointer or the focus is on the rows. */
  held = 0;
  private readonly host: ReactiveControllerHost & HTMLElement;
  private readonly filter: Filter;
  private listing?: ListingStore;
  private stop: (() => void) | undefined;
  private abort = new AbortController();
  private wanted = '';
  private query = '';
  private order: 'order' | 'registry' = 'order';
  private reverse = false;

  constructor(host: ReactiveControllerHost & HTMLElement, filter: Filter) {
    this.host = host;
    this.filter = filter;
    host.addController(this);
  }

  /** For sliced work: gives input its turn between slices, and stops when the next filter starts. */
  get work(): Work {
    return turns(this.abort.signal);
  }

  hostConnected(): void {
    this.subscribe();
    this.host.addEventListener('pointerout', this.left);
  }

  hostDisconnected(): void {
    this.stop?.();
    this.stop = undefined;
    this.abort.abort();
    this.wanted = '';
    this.host.removeEventListener('pointerout', this.left);
  }

  private readonly left = (): void => {
    if (this.held > 0 && !this.host.shadowRoot?.querySelector('.rows:hover, .rows:focus-within')) this.release();
  };

  /** Follows this listing with this query and order. */
  run(listing: ListingStore, query: string, order: 'order' | 'registry', reverse: boolean): void {
    if (listing !== this.listing) {
      this.listing = listing;
      this.wanted = '';
      this.subscribe();
    }
    this.query = query;
    this.order = order;
    this.reverse = reverse;
    this.apply();
  }

  /** Shows what was held back. */
  release(): void {
    this.held = 0;
    this.wanted = '';
    this.apply(false);
  }

  /** The names shown, in order. */
  names(): string[] {
    return Array.from(this.shown, (index) => this.listed.names[index] ?? '');
  }

  name(at: number): string {
    return this.listed.names[this.shown[at] ?? -1] ?? '';
  }

  private subscribe(): void {
    this.stop?.();
    const { listing } = this;
    this.stop = listing?.subscribe(() => this.apply());
  }

  private apply(mayHold = true): void {
    const { listing } = this;
    if (!listing) return;
    const listed = listing.value;
    if (mayHold && this.mustHold(listed)) {
      this.held = listed.names.length - this.listed.names.length;
      this.host.requestUpdate();
      return;
    }
    const words = queryWords(this.query).join(' ');
    const key = `${listed.revision}/${words}/${this.order}/${this.reverse}`;
    if (key === this.wanted) return;
    this.wanted = key;
    this.abort.abort();
    this.abort = new AbortController();
    const order = ordered(listed, this.order, this.reverse);
    if (words === '') {
      this.take(listed, order);
      return;
    }
    this.busy = true;
    void this.filter(listed, order, words).then((shown) => this.take(listed, shown), () => undefined);
  }

  private mustHold(listed: Listed): boolean {
    const asked = `/${queryWords(this.query).join(' ')}/${this.order}/${this.reverse}`;
    const grows = listed.revision > this.listed.revision && this.wanted.endsWith(asked) && this.shown.length > 0;
    if (!grows || listed.names.length <= this.listed.names.length) return false;
    return Boolean(this.host.shadowRoot?.querySelector('.rows:hover, .rows:focus-within'));
  }

  private take(listed: Listed, shown: Uint32Array): void {
    this.busy = false;
    this.held = 0;
    this.listed = listed;
    this.shown = shown;
    this.revision += 1;
    this.host.requestUpdate();
  }
}

function ordered(listed: Listed, order: 'order' | 'registry', reverse: boolean): Uint32Array {
  if (order === 'registry') return Uint32Array.from({ length: listed.names.length }, (_, index) => index);
  return reverse ? listed.order.slice().reverse() : listed.order;
}

const EMPTY: Listed = {
  revision: -1, names: [], texts: [], order: new Uint32Array(), pages: 0, skipped: 0, state: 'loading',
};
