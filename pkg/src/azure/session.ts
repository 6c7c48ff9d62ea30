import type * as module from '../../wasm/portolan_azure.js';
import { aborted, asError, PortolanError } from '../error.js';
import type { CallOptions, ErrorKind } from '../types.js';
import { load } from './init.js';
import type { Raw, RecordListing, RecordPage } from './types.js';

type Open = (loaded: typeof module) => module.Azure;
type RawPage = [items: string, skipped: number, truncated: string | undefined];

/** A session of the module, opened when it is first needed. */
export class Session {
  readonly #open: Open;
  #inner: module.Azure | undefined;

  constructor(open: Open) {
    this.#open = open;
  }

  /** Makes a call by its name. */
  call(name: string, args: string[], options: CallOptions = {}): Promise<Raw | undefined> {
    return this.run(options, async (inner, signal) => {
      const answer = await inner.call(name, args, signal);
      return answer === undefined ? undefined : JSON.parse(answer) as Raw;
    });
  }

  /** A call that is answered by a document. */
  async document(name: string, args: string[], options?: CallOptions): Promise<Raw> {
    return await this.call(name, args, options) ?? {};
  }

  /** A list by its name. */
  list<T>(name: string, args: string[], read: (raw: Raw) => T, { signal }: CallOptions = {}): RecordListing<T> {
    const pages = () => this.#pages(name, args, read, signal);
    return {
      pages,
      async *[Symbol.asyncIterator]() {
        let truncated: RecordPage<T>['truncated'];
        for await (const page of pages()) {
          yield* page.items;
          truncated = page.truncated;
        }
        if (truncated) throw new PortolanError({ kind: truncated.kind, message: truncated.message, retryable: false });
      },
    };
  }

  async *#pages<T>(name: string, args: string[], read: (raw: Raw) => T, signal: AbortSignal | undefined): AsyncGenerator<RecordPage<T>, undefined> {
    if (signal?.aborted) throw aborted(signal);
    let records: module.Records | undefined;
    try {
      records = (await this.#session()).list(name, args);
      for (;;) {
        const page = await records.next(signal) as RawPage | undefined;
        if (!page) return;
        yield toPage(page, read);
        if (page[2] !== undefined) return;
      }
    } catch (thrown) {
      throw asError(thrown, signal);
    } finally {
      records?.free();
    }
  }

  /** Runs anything with the module's session. */
  async run<T>({ signal }: CallOptions, work: (inner: module.Azure, signal: AbortSignal | undefined) => Promise<T>): Promise<T> {
    if (signal?.aborted) throw aborted(signal);
    try {
      return await work(await this.#session(), signal);
    } catch (thrown) {
      throw asError(thrown, signal);
    }
  }

  async #session(): Promise<module.Azure> {
    const loaded = await load();
    return this.#inner ??= this.#open(loaded);
  }
}

function toPage<T>([items, skipped, truncated]: RawPage, read: (raw: Raw) => T): RecordPage<T> {
  const page: RecordPage<T> = { items: (JSON.parse(items) as Raw[]).map(read), skipped };
  if (truncated !== undefined) page.truncated = JSON.parse(truncated) as { kind: ErrorKind; message: string; page: number };
  return page;
}
