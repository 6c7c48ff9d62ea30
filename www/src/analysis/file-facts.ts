import type { Change, FileRow, FileType } from 'portolan/layers';

const TYPES: Record<FileType, [mark: string, word: string]> = {
  'file': ['-', 'file'], 'directory': ['d', 'directory'], 'symlink': ['l', 'symbolic link'], 'hardlink': ['-', 'hard link'],
  'char-device': ['c', 'character device'], 'block-device': ['b', 'block device'], 'fifo': ['p', 'named pipe'],
};

/** `drwxr-xr-x`, as `ls` writes it, special bits included. */
export function modeText(type: FileType, mode: number): string {
  const special = [0o4000, 0o2000, 0o1000];
  const marks = ['s', 's', 't'];
  const triads = [6, 3, 0].map((shift, at) => {
    const bits = (mode >> shift) & 7;
    const runs = (bits & 1) !== 0;
    const mark = marks[at] ?? '';
    const last = (mode & (special[at] ?? 0)) !== 0 ? (runs ? mark : mark.toUpperCase()) : runs ? 'x' : '-';
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${last}`;
  });
  return TYPES[type][0] + triads.join('');
}

export function octalMode(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

export function typeWord(type: FileType): string {
  return TYPES[type][1];
}

/** `root` for 0:0, else the numbers: an image need not name its users. */
export function ownerText({ uid, gid }: Pick<FileRow, 'uid' | 'gid'>): string {
  if (uid === 0 && gid === 0) return 'root';
  return uid === gid ? String(uid) : `${uid}:${gid}`;
}

/** Seconds since 1970 as a moment; undefined where no calendar reaches. */
export function instant(seconds: number): string | undefined {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

const FLAGS: Record<string, string> = {
  'absolute': 'The archive has it under an absolute name; it is shown below the root.',
  'escapes': 'Its name climbs out of the root with “..”; it is shown where it is clamped to.',
  'link-escapes': 'It links to something outside of the image.',
  'size-conflict': 'Two headers of the archive give different sizes; the extended one counts.',
  'sparse': 'A sparse file: the archive holds less than its size.',
  'unknown-type': 'The archive gives it a type that is not known; it is shown as a file.',
  'id-clamped': 'Its owner’s number is too large and was cut.',
  'repeated': 'The layer has it more than once; the last one counts.',
  'nul': 'Its name has a NUL in it.',
  'no-target': 'What it is a further name of is not in the image.',
  'cut': 'Its name is longer than what is kept, and was cut.',
};

/** What is odd about a path, in sentences; what this build does not know is named as it is. */
export function flagSentences(flags: readonly string[]): string[] {
  return flags.map((flag) => FLAGS[flag] ?? `Flagged as ${flag}.`);
}

export interface Mark { glyph: string; word: string; tone: 'good' | 'caution' | 'danger' | '' }

/** How a change is drawn: a glyph beside its colour, and a word for those who hear it. */
export const CHANGE_MARKS: Record<Change | 'removed', Mark> = {
  added: { glyph: '+', word: 'added', tone: 'good' },
  changed: { glyph: '~', word: 'changed', tone: 'caution' },
  deleted: { glyph: '−', word: 'deleted', tone: 'danger' },
  removed: { glyph: '−', word: 'removed', tone: 'danger' },
  unchanged: { glyph: '=', word: 'named again, unchanged', tone: '' },
};

/** The directory that holds a path; the root's is the root. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** `a`, `a/b` and `a/b/c` for `a/b/c`. */
export function pathSteps(path: string): string[] {
  if (path === '') return [];
  const parts = path.split('/');
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}

/** Where a symbolic link leads inside of the image, `..` clamped to the root. Links on the way are not followed. */
export function linkTarget(path: string, link: string): string {
  const parts = link.startsWith('/') ? [] : parentPath(path).split('/').filter((part) => part !== '');
  for (const part of link.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
