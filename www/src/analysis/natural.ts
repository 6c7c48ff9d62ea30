/**
 * A key that sorts like a person would when compared as plain text: numbers by value (`1.9` before `1.10`), letters without
 * regard to case, a pre-release before its release (`2.0-rc1` before `2.0`).
 *
 * Computed once per name, so that sorting 50,000 names compares strings and parses nothing.
 */
export function naturalKey(name: string): string {
  let key = '';
  const text = name.toLowerCase();
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) {
      const start = at;
      while (at < text.length && isDigit(text.charCodeAt(at))) at += 1;
      key += numberKey(text.slice(start, at));
    } else {
      key += startsPreRelease(text, at) ? PRE_RELEASE : text[at];
      at += 1;
    }
  }
  return key + END;
}

/**
 * The highest of the tags that look like a version: `1.2` and `v3` first, then variants (`3.12-slim`, `2026-05`), and
 * pre-releases only where there is nothing else.
 */
export function highestVersion(tags: readonly string[]): string | undefined {
  const versions = tags.filter((tag) => /^v?\d/i.test(tag));
  const releases = versions.filter((tag) => !naturalKey(tag).includes(PRE_RELEASE));
  const plain = releases.filter((tag) => /^v?\d+(?:\.\d+)*$/i.test(tag));
  let highest: string | undefined;
  for (const tag of [plain, releases, versions].find((list) => list.length > 0) ?? []) {
    // `v` is no part of the version: v1.9 is lower than 1.10.
    if (highest === undefined || versionKey(tag) > versionKey(highest)) highest = tag;
  }
  return highest;
}

function versionKey(tag: string): string {
  return naturalKey(tag.replace(/^v(?=\d)/i, ''));
}

// The end sorts after a pre-release mark and before everything else: 2.0-rc1 < 2.0 < 2.0.1.
const PRE_RELEASE = '\u0001';
const END = '\u0002';

/** The length of the number comes first, as one character: longer numbers are greater. Leading zeros do not count. */
function numberKey(digits: string): string {
  const value = digits.replace(/^0+(?=\d)/, '');
  return String.fromCharCode(0x30 + Math.min(value.length, 9)) + (value.length > 9 ? String.fromCharCode(value.length) : '') + value;
}

function startsPreRelease(text: string, at: number): boolean {
  if (text[at] !== '-' || at === 0 || !isDigit(text.charCodeAt(at - 1))) return false;
  return /^-(?:alpha|beta|rc|pre|preview|dev|nightly|snapshot)(?![a-z])/.test(text.slice(at, at + 12));
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
