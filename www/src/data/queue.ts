export type Detail<T> = { state: 'loading' } | { state: 'ready'; value: T } | { state: 'failed'; error: unknown };

/** How long a row must stay in view before it is asked for, milliseconds: scrolling past costs nothing. */
const DWELL = 120;

/**
 * Details of the rows in view. At most `parallel` are read at once, those that left the view are stopped, what was read stays.
 */
export class DetailQueue<T> {
  private readonly read: (name: string, signal: AbortSignal) => Promise<T>;
  private readonly changed: () => void;
  private readonly parallel: number;
  private readonly done: Map<string, Detail<T>>;
  private readonly running = new Map<string, AbortController>();
  private wanted: string[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(read: (name: string, signal: AbortSignal) => Promise<T>, changed: () => void, done = new Map<string, Detail<T>>(), parallel = 4) {
    this.read = read;
    this.changed = changed;
    this.done = done;
    this.parallel = parallel;
  }

  get(name: string): Detail<T> | undefined {
    return this.done.get(name);
  }

  /** Says which rows are in view now, the most important first. */
  want(names: readonly string[]): void {
    if (names.length === this.wanted.length && names.every((name, index) => name === this.wanted[index])) return;
    this.wanted = [...names];
    const inView = new Set(names);
    for (const [name, abort] of this.running) {
      if (!inView.has(name)) abort.abort();
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.next(), DWELL);
  }

  /** Forgets a failure, so that the row is asked for again. */
  retry(name: string): void {
    this.done.delete(name);
    this.next();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.wanted = [];
    for (const abort of this.running.values()) abort.abort();
  }

  /** How many were read. */
  get size(): number {
    return this.done.size;
  }

  private next(): void {
    for (const name of this.wanted) {
      if (this.running.size >= this.parallel) return;
      if (!this.done.has(name) && !this.running.has(name)) void this.start(name);
    }
  }

  private async start(name: string): Promise<void> {
    const abort = new AbortController();
    this.running.set(name, abort);
    try {
      this.done.set(name, { state: 'ready', value: await this.read(name, abort.signal) });
    } catch (error) {
      if (!abort.signal.aborted) this.done.set(name, { state: 'failed', error });
    } finally {
      this.running.delete(name);
      this.changed();
      this.next();
    }
  }
}
