import type * as module from '../../wasm/portolan_azure.js';
import { asError } from '../error.js';
import type { RunOutcome } from './types.js';

/** The log of a run: a loop over it gives its lines, as they are written. They are what the build wrote: untrusted text. */
export class RunLog implements AsyncIterable<string> {
  readonly #log: module.Log;
  readonly #signal: AbortSignal | undefined;
  #outcome: RunOutcome | undefined;
  #free = true;

  /** @internal */
  constructor(log: module.Log, signal: AbortSignal | undefined) {
    this.#log = log;
    this.#signal = signal;
  }

  /** How the build ended; undefined before the end of the log. */
  get outcome(): RunOutcome | undefined {
    return this.#outcome;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, undefined> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const bytes of this.#bytes()) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield line.replace(/\r$/, '');
    }
    rest += decoder.decode();
    if (rest !== '') yield rest;
  }

  async *#bytes(): AsyncGenerator<Uint8Array, undefined> {
    try {
      for (;;) {
        const bytes = await this.#log.next(this.#signal);
        if (!bytes) break;
        yield bytes;
      }
      this.#free = false;
      this.#outcome = this.#log.outcome() as RunOutcome | undefined;
    } catch (thrown) {
      throw asError(thrown, this.#signal);
    } finally {
      if (this.#free) this.#log.free();
      this.#free = false;
    }
  }
}
