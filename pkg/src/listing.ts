import type * as module from '../wasm/portolan.js';
import { aborted, asError, PortolanError } from './error.js';
import type { ErrorKind, Listing, Page } from './types.js';

/** One page as columns: names one per line, how many were skipped, and why the listing ends early. */
type RawPage = [names: string, skipped: number, truncated: string | undefined];

/** A listing that asks for its first page when it is first read, and for every further one when that is wanted. */
export function listing(open: () => Promise<module.Names>, signal: AbortSignal | undefined): Listing {
  const pages = () => readPages(open, signal);
  return {
    pages,
    async *[Symbol.asyncIterator]() {
      let truncated: Page['truncated'];
      for await (const page of pages()) {
        yield* page.items;
        truncated = page.truncated;
      }
      // A loop over names has no other place to learn that some are missing.
      if (truncated) throw new PortolanError({ kind: truncated.kind, message: truncated.message, retryable: false });
    },
  };
}

async function* readPages(open: () => Promise<module.Names>, signal: AbortSignal | undefined): AsyncGenerator<Page, undefined> {
  if (signal?.aborted) throw aborted(signal);
  let names: module.Names | undefined;
  try {
    names = await open();
    for (;;) {
      const page = await names.next(signal) as RawPage | undefined;
      if (!page) return;
      yield toPage(page);
      if (page[2] !== undefined) return;
    }
  } catch (thrown) {
    throw asError(thrown, signal);
  } finally {
    names?.free();
  }
}

function toPage([names, skipped, truncated]: RawPage): Page {
  const page: Page = { items: names === '' ? [] : names.split('\n'), skipped };
  if (truncated !== undefined) page.truncated = JSON.parse(truncated) as { kind: ErrorKind; message: string; page: number };
  return page;
}
