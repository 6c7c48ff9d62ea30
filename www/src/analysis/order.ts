/** Gives the browser a turn; resolves when the work may go on. */
type Pause = () => Promise<void>;

/** How long one slice of work may hold the main thread, milliseconds. */
const SLICE = 6;

export interface Work { pause: Pause; now: () => number; signal?: AbortSignal }

/**
 * The sorted order of `keys`, where the first `order.length` keys are sorted already and the rest is new; in slices, since a
 * registry may send 50,000 names as one page. Rejects when aborted.
 */
export async function extendOrder(keys: readonly string[], order: Uint32Array, work: Work): Promise<Uint32Array> {
  const slices = new Slices(work);
  let runs = order.length > 0 ? [order] : [];
  for (let start = order.length; start < keys.length; start += RUN) {
    runs.push(sortedRun(keys, start, Math.min(start + RUN, keys.length)));
    await slices.breathe();
  }
  while (runs.length > 1) {
    const next: Uint32Array[] = [];
    for (let index = 0; index < runs.length; index += 2) {
      const left = runs[index] as Uint32Array;
      const right = runs[index + 1];
      next.push(right ? merge(keys, left, right) : left);
      await slices.breathe();
    }
    runs = next;
  }
  return runs[0] ?? new Uint32Array();
}

/** Positions of `texts` (lower case) that contain every word of the query, in the order given; sliced like sorting. */
export async function filterSliced(
  texts: readonly string[], order: Uint32Array, query: string, work: Work,
): Promise<Uint32Array> {
  const words = queryWords(query);
  if (words.length === 0) return order;
  const slices = new Slices(work);
  const found = new Uint32Array(order.length);
  let count = 0;
  for (let at = 0; at < order.length; at += 1) {
    const index = order[at] as number;
    if (matches(texts[index] ?? '', words)) found[count++] = index;
    if (at % 1024 === 1023) await slices.breathe();
  }
  return found.subarray(0, count);
}

/** The words of a query, lower case. */
export function queryWords(query: string): string[] {
  return query.toLowerCase().split(/\s+/).filter((word) => word !== '');
}

export function matches(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}

const RUN = 2048;

function sortedRun(keys: readonly string[], start: number, end: number): Uint32Array {
  const run = new Uint32Array(end - start);
  for (let index = start; index < end; index += 1) run[index - start] = index;
  return run.sort((a, b) => compare(keys[a] as string, keys[b] as string) || a - b);
}

function merge(keys: readonly string[], left: Uint32Array, right: Uint32Array): Uint32Array {
  const merged = new Uint32Array(left.length + right.length);
  let l = 0;
  let r = 0;
  for (let at = 0; at < merged.length; at += 1) {
    const takeLeft = r === right.length
      || (l < left.length && compare(keys[left[l] as number] as string, keys[right[r] as number] as string) <= 0);
    merged[at] = (takeLeft ? left[l++] : right[r++]) as number;
  }
  return merged;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Long work in slices: `breathe` gives way when a slice is over. */
export class Slices {
  private readonly work: Work;
  private until: number;

  constructor(work: Work) {
    this.work = work;
    this.until = work.now() + SLICE;
  }

  async breathe(): Promise<void> {
    if (this.work.now() >= this.until) {
      await this.work.pause();
      this.until = this.work.now() + SLICE;
    }
    this.work.signal?.throwIfAborted();
  }
}
