import { describe, expect, it } from 'vitest';
import { highestVersion, naturalKey } from '../src/analysis/natural';
import { extendOrder, filterSliced } from '../src/analysis/order';

const work = { pause: () => Promise.resolve(), now: () => performance.now() };

function sorted(names: string[]): string[] {
  return names.map((name) => ({ name, key: naturalKey(name) })).sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ name }) => name);
}

describe('naturalKey', () => {
  it('sorts numbers by value', () => expect(sorted(['1.10', '1.9', '1.100', '1.2'])).toEqual(['1.2', '1.9', '1.10', '1.100']));
  it('puts a pre-release before its release, and the release before its patches', () => {
    expect(sorted(['2.0.1', '2.0', '2.0-rc1', '2.0-beta.2', '2.0-rc10', '2.0-rc2'])).toEqual(['2.0-beta.2', '2.0-rc1', '2.0-rc2', '2.0-rc10', '2.0', '2.0.1']);
  });
  it('does not take a variant for a pre-release', () => expect(sorted(['3.12-slim', '3.12', '3.12-alpine'])).toEqual(['3.12', '3.12-alpine', '3.12-slim']));
  it('ignores case and leading zeros', () => expect(sorted(['v010', 'V9', 'v1'])).toEqual(['v1', 'V9', 'v010']));
  it('finds the highest release', () => {
    expect(highestVersion(['latest', 'v1.9', '1.10', '2.0-rc1', 'edge'])).toBe('1.10');
    expect(highestVersion(['2.0-rc1', '2.0-rc2', 'latest'])).toBe('2.0-rc2');
    expect(highestVersion(['3.12-slim', '3.12', '3.13-rc1', '3.11'])).toBe('3.12');
    expect(highestVersion(['20-slim', '22-slim', 'lts'])).toBe('22-slim');
    expect(highestVersion(['latest', 'stable'])).toBeUndefined();
  });
  it('bears numbers longer than any integer', () => {
    expect(sorted([`b${'9'.repeat(40)}`, `b1${'0'.repeat(40)}`, 'b9'])).toEqual(['b9', `b${'9'.repeat(40)}`, `b1${'0'.repeat(40)}`]);
  });
});

describe('orders', () => {
  const keys = Array.from({ length: 9000 }, (_, at) => naturalKey(`t${(at * 7919) % 9000}`));
  const expected = [...keys].sort();

  it('equals a plain sort', async () => {
    const order = await extendOrder(keys, new Uint32Array(), work);
    expect(Array.from(order, (at) => keys[at])).toEqual(expected);
  });
  it('grows page by page to the same', async () => {
    let order: Uint32Array = new Uint32Array();
    for (let end = 1000; end <= keys.length; end += 1000) order = await extendOrder(keys.slice(0, end), order, work);
    expect(Array.from(order, (at) => keys[at])).toEqual(expected);
  });
  it('gives way to input, and stops when aborted', async () => {
    let pauses = 0;
    let clock = 0;
    const abort = new AbortController();
    await extendOrder(keys, new Uint32Array(), { pause: async () => { pauses += 1; }, now: () => (clock += 10) });
    expect(pauses).toBeGreaterThan(5);
    abort.abort();
    await expect(extendOrder(keys, new Uint32Array(), { ...work, signal: abort.signal })).rejects.toThrow();
  });
  it('filters by every word, in order', async () => {
    const texts = ['team/app', 'team/web', 'ops/app'];
    const order = Uint32Array.from([2, 1, 0]);
    expect([...await filterSliced(texts, order, 'APP team', work)]).toEqual([0]);
    expect([...await filterSliced(texts, order, '  ', work)]).toEqual([2, 1, 0]);
  });
});
