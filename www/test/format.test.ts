import { describe, expect, it } from 'vitest';
import { duration, exactBytes, formatBytes, formatCount, formatShare, moment, plural } from '../src/analysis/format';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'], [999, '999 B'], [1000, '0.977 KiB'], [1024, '1.00 KiB'], [1536, '1.50 KiB'], [10 * 1024, '10.0 KiB'], [150 * 1024, '150 KiB'],
    [999.4 * 1024, '999 KiB'], [1000 * 1024, '0.977 MiB'], [28.2 * 1024 ** 2, '28.2 MiB'], [5n * 1024n ** 3n, '5.00 GiB'], [2n ** 62n, '4.00 EiB'],
  ])('%s is %s', (size, text) => expect(formatBytes(size)).toBe(text));

  it('says so where a size makes no sense', () => expect(formatBytes(-1n)).toBe('unknown size'));
});

describe('counts and shares', () => {
  it('separates thousands, also beyond 2^53', () => {
    expect(formatCount(50_000)).toBe('50,000');
    expect(exactBytes(9_007_199_254_740_993n)).toBe('9,007,199,254,740,993 bytes');
    expect(exactBytes(1n)).toBe('1 byte');
  });
  it('counts one as one', () => expect([plural(1, 'repository', 'repositories'), plural(0, 'tag')]).toEqual(['1 repository', '0 tags']));
  it('never rounds something to nothing', () => {
    expect(formatShare(1n, 1_000_000n)).toBe('< 0.1 %');
    expect(formatShare(0n, 5n)).toBe('0 %');
    expect(formatShare(5n, 0n)).toBe('0 %');
    expect(formatShare(475n, 1000n)).toBe('47.5 %');
  });
});

describe('moments', () => {
  const now = Date.UTC(2026, 10, 23);
  it.each([
    ['2026-11-20T00:00:00Z', '3 days ago'], ['2026-11-22T23:59:40Z', 'just now'], ['2024-11-01T00:00:00Z', '2 years ago'],
    ['1970-01-01T00:00:00Z', 'not recorded'], ['2030-01-01T00:00:00Z', 'on 2030-01-01'],
  ])('%s is %s', (text, relative) => expect(moment(text, now)?.relative).toBe(relative));
  it('has the exact instant', () => expect(moment('2026-03-01T13:00:00+01:00', now)?.exact).toBe('2026-03-01 12:00:00 UTC'));
  it('is nothing for what is no date', () => expect([moment('soon', now), moment(undefined, now)]).toEqual([undefined, undefined]));
  it('rounds waits up', () => expect([duration(0.2), duration(59), duration(3600), duration(3601)]).toEqual(['1 second', '59 seconds', '1 hour', '2 hours']));
});
