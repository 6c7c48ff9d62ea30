/** A run of text to show as it is, or the visible name of one character that must not act. */
export interface Segment { text: string; escape: boolean }

// Controls, bidirectional overrides and isolates, zero-width and invisible characters, language tags, private "line" breaks,
// lone surrogates: all that can hide, reorder or fake text. Tab and newline are decided by the caller.
// eslint-disable-next-line no-control-regex
const ACTING = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\uffff]|[\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;

export interface TextOptions {
  /** Leave line feeds and tabs as they are, for blocks of preformatted text. */
  lines?: boolean;
}

/** Registry text cut into harmless runs and visible escapes. */
export function segments(text: string, options: TextOptions = {}): Segment[] {
  const found: Segment[] = [];
  let last = 0;
  for (const match of text.matchAll(ACTING)) {
    const character = match[0];
    if (options.lines && (character === '\n' || character === '\t')) continue;
    if (match.index > last) found.push({ text: text.slice(last, match.index), escape: false });
    found.push({ text: escapeName(character), escape: true });
    last = match.index + character.length;
  }
  if (last < text.length) found.push({ text: text.slice(last), escape: false });
  return found;
}

/** The same as one string, for titles, labels and file names. */
export function visible(text: string, options: TextOptions = {}): string {
  return segments(text, options).map((segment) => segment.text).join('');
}

/** `text` if it is short; else its first `limit` characters and an ellipsis. Never splits a surrogate pair. */
export function cap(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, boundary(text, limit))}…`;
}

/** The nearest index at or below `index` that does not split a surrogate pair. */
export function boundary(text: string, index: number): number {
  const code = text.charCodeAt(index - 1);
  return code >= 0xd800 && code <= 0xdbff ? index - 1 : index;
}

function escapeName(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  if (character === '\r') return '\\r';
  const code = character.codePointAt(0) ?? 0;
  return `\\u{${code.toString(16).padStart(4, '0')}}`;
}
