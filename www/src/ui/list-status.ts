import { html, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../analysis/format';
import { toFailure } from '../analysis/trouble';
import type { Listed, ListingStore } from '../data/listing';
import { safe } from './safe';
import type { Sift } from './sift';

interface Status {
  listing: ListingStore;
  sift: Sift;
  query: string;
  noun: readonly [one: string, many: string];
}

/** The sentence above a list: how many, of how many, and what is missing and why. Counts are exact or said not to be. */
export function listSentence({ listing, sift, query, noun }: Status): TemplateResult {
  const listed = listing.value;
  const total = listed.names.length;
  const some = query ? `${formatCount(sift.shown.length)} of ${formatCount(total)}` : formatCount(total);
  const words = `${some} ${total === 1 ? noun[0] : noun[1]}`;
  return html`<p class="status" role="status">${sentence(listed, words, noun[1])}${skipped(listed)} ${more(listed, listing)}
    ${sift.held > 0 ? html`<button type="button" @click=${() => sift.release()}>Show ${formatCount(sift.held)} more</button>` : nothing}</p>`;
}

function sentence(listed: Listed, words: string, many: string): unknown {
  switch (listed.state) {
    case 'loading': return listed.names.length === 0 ? `Reading the ${many} …` : `${words} so far …`;
    case 'complete': return listed.names.length === 0 ? nothing : `${words}.`;
    case 'failed': return nothing;
    case 'partial': {
      const reason = listed.reason?.message ?? toFailure(listed.error).message;
      const page = listed.reason?.page ?? listed.pages + 1;
      return html`<strong>Showing ${words} of at least ${formatCount(listed.names.length)};</strong>
        reading stopped at page ${formatCount(page)}: ${safe(reason.replace(/\.$/, ''), 200)}.`;
    }
  }
}

function skipped(listed: Listed): unknown {
  if (listed.skipped === 0) return nothing;
  return html` <span title="Empty, repeated or illegal names are never used in an address">${formatCount(listed.skipped)}
    ${listed.skipped === 1 ? 'name' : 'names'} left out: not allowed by the specification.</span>`;
}

function more(listed: Listed, listing: ListingStore): unknown {
  if (listed.state !== 'partial') return nothing;
  const kind = listed.reason?.kind ?? toFailure(listed.error).kind;
  return kind === 'LimitExceeded'
    ? html`<button type="button" @click=${() => listing.goOn()}>Read on beyond the limit</button>`
    : html`<button type="button" @click=${() => listing.reload()}>Read it again</button>`;
}
