const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** Binary units with three significant digits: `982 B`, `1.21 KiB`, `34.0 MiB`. */
export function formatBytes(size: bigint | number): string {
  const exact = Number(size);
  if (!Number.isFinite(exact) || exact < 0) return 'unknown size';
  if (exact < 1000) return `${exact} B`;
  let value = exact;
  let unit = 0;
  // 999.5 and not 1024: a fourth digit would break the column.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const decimals = value < 0.9995 ? 3 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return `${value.toFixed(decimals)} ${UNITS[unit]}`;
}

/** `+1.21 MiB`, `−34.0 KiB`, `±0 B`: how much more it is. */
export function formatDelta(delta: number): string {
  return delta === 0 ? '±0 B' : `${delta > 0 ? '+' : '−'}${formatBytes(Math.abs(delta))}`;
}

/** `1,234,567 bytes`, for titles and for copying. */
export function exactBytes(size: bigint | number): string {
  return `${formatCount(size)} ${size === 1 || size === 1n ? 'byte' : 'bytes'}`;
}

/** Thousands separated by commas, whatever the locale: the portal's sentences are English. */
export function formatCount(count: bigint | number): string {
  return count.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `1 tag`, `2,300 tags`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A share as `12.3 %`; what is there but rounds to nothing is `< 0.1 %`. */
export function formatShare(part: bigint | number, whole: bigint | number): string {
  if (whole <= 0 || part <= 0) return '0 %';
  const share = (Number(part) / Number(whole)) * 100;
  if (share < 0.1) return '< 0.1 %';
  return share >= 99.95 ? '100 %' : `${share.toFixed(1)} %`;
}

const STEPS: readonly [seconds: number, name: string][] = [
  [31_557_600, 'year'], [2_629_800, 'month'], [604_800, 'week'], [86_400, 'day'], [3_600, 'hour'], [60, 'minute'],
];

export interface Moment {
  /** `3 days ago`, or the date where the distance says nothing. */
  relative: string;
  /** `2026-03-01 12:00:00 UTC`. */
  exact: string;
  /** For `<time datetime>`. */
  iso: string;
}

/** Undefined where the text is no date. Years before 1980 are the "no time" of reproducible builds. */
export function moment(text: string | undefined, now: number): Moment | undefined {
  if (!text) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) return undefined;
  const iso = new Date(time).toISOString();
  const exact = `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
  return { relative: relative(time, now, iso), exact, iso };
}

/** `40 seconds`, `2 hours`: in the largest unit that fits, rounded up, so that nobody comes back too early. */
export function duration(seconds: number): string {
  for (const [length, name] of STEPS) {
    if (seconds >= length) return plural(Math.ceil(seconds / length), name);
  }
  return plural(Math.max(1, Math.ceil(seconds)), 'second');
}

function relative(time: number, now: number, iso: string): string {
  const seconds = Math.round((now - time) / 1000);
  if (iso < '1980-01-02') return 'not recorded';
  if (seconds < -60) return `on ${iso.slice(0, 10)}`;
  for (const [length, name] of STEPS) {
    if (seconds >= length) return `${plural(Math.floor(seconds / length), name)} ago`;
  }
  return 'just now';
}
