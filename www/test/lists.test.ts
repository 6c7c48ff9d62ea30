import { afterEach, describe, expect, it, vi } from 'vitest';
import { flatLines, groupedLines } from '../src/analysis/namespaces';
import { DetailQueue } from '../src/data/queue';

describe('namespaces', () => {
  const names = ['base/a', 'base/b', 'edge', 'team/x/y'];
  it('groups with counts', () => {
    expect(groupedLines(names, new Set()).map((line) => (line.kind === 'namespace' ? `${line.name}(${line.count})` : line.label))).toEqual([
      'base(2)', 'a', 'b', '(1)', 'edge', 'team/x(1)', 'y']);
  });
  it('leaves out what is closed, and counts it all the same', () => {
    expect(groupedLines(names, new Set(['base']))).toHaveLength(5);
    expect(groupedLines(names, new Set(['base']))[0]).toMatchObject({ count: 2, open: false });
  });
  it('is flat on demand', () => expect(flatLines(names).map((line) => line.name)).toEqual(names));
});

describe('DetailQueue', () => {
  afterEach(() => vi.useRealTimers());

  function queue(parallel = 4) {
    const asked: string[] = [];
    const stopped: string[] = [];
    const finish = new Map<string, () => void>();
    const made = new DetailQueue<string>((name, signal) => new Promise((resolve, reject) => {
      asked.push(name);
      finish.set(name, () => resolve(name));
      signal.addEventListener('abort', () => { stopped.push(name); reject(new Error('stopped')); });
    }), () => undefined, new Map(), parallel);
    return { made, asked, stopped, finish };
  }

  it('reads at most four at once, then the next', async () => {
    vi.useFakeTimers();
    const { made, asked, finish } = queue();
    made.want(['a', 'b', 'c', 'd', 'e']);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toEqual(['a', 'b', 'c', 'd']);
    finish.get('b')?.();
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(made.get('b')).toEqual({ state: 'ready', value: 'b' });
  });
  it('asks nothing for rows that only pass by', async () => {
    vi.useFakeTimers();
    const { made, asked } = queue();
    for (const name of ['a', 'b', 'c']) {
      made.want([name]);
      await vi.advanceTimersByTimeAsync(20);
    }
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toEqual(['c']);
  });
  it('stops what left the view, and asks again when it is back', async () => {
    vi.useFakeTimers();
    const { made, asked, stopped } = queue();
    made.want(['a']);
    await vi.advanceTimersByTimeAsync(200);
    made.want(['z']);
    await vi.advanceTimersByTimeAsync(200);
    expect(stopped).toEqual(['a']);
    expect(made.get('a')).toBeUndefined();
    made.want(['a']);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toEqual(['a', 'z', 'a']);
  });
  it('keeps a failure apart from a stop', async () => {
    const made = new DetailQueue<string>(() => Promise.reject(new Error('no')), () => undefined);
    made.want(['a']);
    await vi.waitFor(() => expect(made.get('a')).toMatchObject({ state: 'failed' }));
  });
});
