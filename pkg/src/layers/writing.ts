/** Milliseconds until an index is written: whoever waits for the image comes first. */
const LATER = 100;

/** What is being kept: it must be done before it can be found, and before the worker may end. */
export class Writing {
  readonly #under = new Set<Promise<void>>();
  readonly #waiting = new Set<() => void>();

  /** Writes in a while, or when somebody needs it to be done. */
  later(write: () => Promise<void>): void {
    const written: Promise<void> = this.#while().then(write).finally(() => this.#under.delete(written));
    this.#under.add(written);
  }

  /** Resolves when all is written. */
  async done(): Promise<void> {
    for (const begin of this.#waiting) begin();
    await Promise.all(this.#under);
  }

  #while(): Promise<void> {
    return new Promise((resolve) => {
      const begin = () => {
        clearTimeout(timer);
        this.#waiting.delete(begin);
        resolve();
      };
      const timer = setTimeout(begin, LATER);
      this.#waiting.add(begin);
    });
  }
}
