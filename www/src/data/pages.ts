/** A part of a long answer. */
export interface Page<T> { items: readonly T[]; total: number }

/** Items asked for at once. */
const SIZE = 200;

/** A long list that is read page by page as it comes into view; what left the view is not read to its end. */
export class Pages<T> {
  /** Undefined until the first page came. */
  total: number | undefined;
  error: unknown;
  private readonly changed: () => void;
  private readonly reading = new Map<number, AbortController>();
  private pages = new Map<number, readonly T[]>();
  private fetch: ((offset: number, limit: number, signal: AbortSignal) => Promise<Page<T>>) | undefined;
  private key = '';
  private pending = false;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  /** Shows another list. What is shown stays until its first page is there. */
  show(key: string, fetch: (offset: number, limit: number, signal: AbortSignal) => Promise<Page<T>>): void {
    if (key === this.key) return;
    this.key = key;
    this.fetch = fetch;
    this.stop();
    this.pending = true;
    void this.read(0, key);
  }

  /** Another list was asked for and has not answered. */
  get busy(): boolean {
    return this.pending;
  }

  get(index: number): T | undefined {
    return this.pages.get(Math.floor(index / SIZE))?.[index % SIZE];
  }

  want(indices: readonly number[]): void {
    if (this.pending) return;
    const wanted = new Set(indices.map((index) => Math.floor(index / SIZE)).filter((page) => !this.pages.has(page)));
    for (const page of wanted) {
      if (!this.reading.has(page)) void this.read(page, this.key);
    }
    for (const [page, abort] of this.reading) {
      if (!wanted.has(page)) abort.abort();
    }
  }

  retry(): void {
    this.pending = true;
    void this.read(0, this.key);
  }

  stop(): void {
    for (const abort of this.reading.values()) abort.abort();
    this.reading.clear();
  }

  private async read(page: number, key: string): Promise<void> {
    const abort = new AbortController();
    this.reading.set(page, abort);
    try {
      const answer = await this.fetch?.(page * SIZE, SIZE, abort.signal);
      if (abort.signal.aborted || this.key !== key || !answer) return;
      this.take(page, answer);
    } catch (error) {
      if (abort.signal.aborted || this.key !== key) return;
      [this.error, this.pending] = [error, false];
    } finally {
      if (this.reading.get(page) === abort) this.reading.delete(page);
    }
    this.changed();
  }

  private take(page: number, { items, total }: Page<T>): void {
    if (this.pending) this.pages = new Map();
    this.pages.set(page, items);
    [this.total, this.pending, this.error] = [total, false, undefined];
  }
}
