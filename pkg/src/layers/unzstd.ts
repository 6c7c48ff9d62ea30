import type { LayerScan } from '../../wasm/portolan_layers.js';
import { type ErrorRecord, toRecord } from '../error.js';
import type { Extra } from './extra.js';
import { asLayerError, isTrap } from './failure.js';
import type { Tapped } from './tap.js';

/** Decompresses what one module cannot, in the other, and hands it back. */
export class Unzstd {
  readonly #frames: InstanceType<Extra['Unzstd']>;
  readonly #scan: LayerScan;
  readonly #taker: { take(bytes: Uint8Array, input: number): boolean };
  #ended = false;
  /** What is wrong with the layer. */
  error: ErrorRecord | undefined;

  constructor(module: Extra, scan: LayerScan, tap: Tapped | undefined) {
    this.#frames = new module.Unzstd();
    this.#scan = scan;
    this.#taker = { take: (bytes, input) => scan.pushUnpacked(bytes, input, tap) };
  }

  /** Takes the next bytes. False if more would change nothing. */
  push(bytes: Uint8Array): boolean {
    return this.#try(() => this.#frames.push(bytes, this.#taker)) ?? false;
  }

  /** The layer ends here. Says what is wrong with it. */
  finish(): ErrorRecord | undefined {
    this.#ended = true;
    this.#try(() => this.#scan.checkpoints(this.#frames.finish(this.#taker)));
    return this.error;
  }

  /** Gives its memory back, if the layer did not end. */
  free(): void {
    if (!this.#ended) this.#frames.free();
    this.#ended = true;
  }

  #try<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch (thrown) {
      if (isTrap(thrown)) {
        // There is nothing left to give back to.
        this.#ended = true;
        throw thrown;
      }
      this.error = toRecord(asLayerError(thrown));
      return undefined;
    }
  }
}
