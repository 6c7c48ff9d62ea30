import { misuse } from '../error.js';

/** What is loaded when it is needed first, and then stays. */
export class OnNeed<T> {
  readonly #file: string;
  readonly #value: T;
  #start: (() => Promise<unknown>) | undefined;
  #loading: Promise<T> | undefined;

  /** `value` is good when the file is loaded. */
  constructor(file: string, value: T) {
    this.#file = file;
    this.#value = value;
  }

  /** Says how it is loaded, once it is wanted. */
  from(load: () => Promise<unknown>): void {
    this.#start = load;
  }

  /** Loads it, unless it is there. Where that fails, the next who needs it tries again. */
  get(): Promise<T> {
    this.#loading ??= this.#load().catch((cause: unknown) => {
      this.#loading = undefined;
      throw misuse(`cannot load ${this.#file}; give initLayers() its URL or bytes (see "Bundlers" in the README)`, cause);
    });
    return this.#loading;
  }

  async #load(): Promise<T> {
    await this.#start?.();
    return this.#value;
  }
}
