import type { FileRow } from 'portolan/layers';

/** Rows asked for at once. */
export const PAGE = 250;

/** A directory that is open, with what was read of it so far. */
export interface Folder {
  id: number;
  /** What it holds is drawn this deep, from 0. */
  depth: number;
  /** Bytes of all in it: what the shares of its rows are of. */
  size: number;
  /** Undefined until the first page came. */
  total: number | undefined;
  pages: Map<number, readonly FileRow[]>;
  /** Open directories in it, by position. */
  open: Map<number, Folder>;
  error?: unknown;
}

export type TreeLine =
  | { kind: 'row'; row: FileRow; folder: Folder; position: number; opened: Folder | undefined }
  | { kind: 'gap'; folder: Folder; position: number }
  | { kind: 'failed'; folder: Folder; position: number };

export function folder(id: number, depth: number, size: number): Folder {
  return { id, depth, size, total: undefined, pages: new Map(), open: new Map() };
}

/** Lines that a folder takes, its open directories included. What is not known yet takes one. */
export function lineCount(of: Folder): number {
  let count = of.total ?? 1;
  for (const inner of of.open.values()) count += lineCount(inner);
  return count;
}

/** The line at an index. The cost is that of the open directories on the way, not of the rows. */
export function lineAt(of: Folder, index: number): TreeLine | undefined {
  if (of.total === undefined) return index === 0 ? { kind: of.error ? 'failed' : 'gap', folder: of, position: 0 } : undefined;
  let rest = index;
  let shift = 0;
  for (const [position, inner] of sorted(of.open)) {
    const at = position + shift;
    if (rest <= at) break;
    const inside = lineCount(inner);
    if (rest <= at + inside) return lineAt(inner, rest - at - 1);
    shift += inside;
  }
  rest -= shift;
  if (rest < 0 || rest >= of.total) return undefined;
  const row = rowAt(of, rest);
  if (row) return { kind: 'row', row, folder: of, position: rest, opened: of.open.get(rest) };
  return { kind: of.error ? 'failed' : 'gap', folder: of, position: rest };
}

export function rowAt(of: Folder, position: number): FileRow | undefined {
  return of.pages.get(Math.floor(position / PAGE))?.[position % PAGE];
}

/** Where a row of `of` is among the lines of `root`; -1 where it is not. */
export function lineOf(root: Folder, of: Folder, position: number): number {
  if (root === of) return position + before(root, position);
  for (const [at, inner] of sorted(root.open)) {
    const found = lineOf(inner, of, position);
    if (found >= 0) return at + before(root, at) + 1 + found;
  }
  return -1;
}

/** The line of the directory that a folder is of; -1 for the root. */
export function parentLine(root: Folder, of: Folder): number {
  for (const [at, inner] of sorted(root.open)) {
    if (inner === of) return lineOf(root, root, at);
    const found = parentLine(inner, of);
    if (found >= 0) return at + before(root, at) + 1 + found;
  }
  return -1;
}

/** Every folder that is open, the root first. */
export function* openFolders(of: Folder): Generator<Folder, undefined> {
  yield of;
  for (const inner of of.open.values()) yield* openFolders(inner);
  return undefined;
}

/** Lines that open directories before a position take. */
function before(of: Folder, position: number): number {
  let count = 0;
  for (const [at, inner] of of.open) {
    if (at < position) count += lineCount(inner);
  }
  return count;
}

function sorted(open: Map<number, Folder>): [number, Folder][] {
  return open.size < 2 ? [...open] : [...open].sort(([a], [b]) => a - b);
}
