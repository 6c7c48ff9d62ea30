/** Milliseconds until something is written: whoever waits for the image comes first. */
const LATER = 100;

/** What is written when there is time, or when somebody waits for it. */
export class Writing {
  readonly #under = new Set<Promise<void>>();
  readonly #waiting = new Set<() => void>();

  add(write: () => Promise<void>): void {
    const written: Promise<void> = this.#later().then(write).finally(() => this.#under.delete(written));
    this.#under.add(written);
  }

  /** Writes at once what waits. Done when all is written. */
  async all(): Promise<void> {
    for (const begin of this.#waiting) begin();
    await Promise.all(this.#under);
  }

  #later(): Promise<void> {
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
