import type { Change, DifferenceKind, FileSort } from 'portolan/layers';

/** What of the files of an image is looked at, as the address has it. The layer is the image's own. */
export interface FilesQuery {
  /** The chosen file or directory; empty: the root. */
  path: string;
  /** In one layer: only these. In the merged view `deleted` alone counts: paths that are gone, too. */
  changes: readonly Change[];
  /** Only files of at least so many bytes. */
  min: number;
  /** Words to search for. */
  q: string;
  sort: FileSort;
}

/** What of the differences of two images is looked at. */
export interface CompareQuery {
  kinds: readonly DifferenceKind[];
  q: string;
  sort: CompareSort;
  /** The chosen difference. */
  path: string;
}

export type CompareSort = 'path' | '-delta';

export const ALL_FILES: FilesQuery = { path: '', changes: [], min: 0, q: '', sort: 'name' };
export const ALL_DIFFERENCES: CompareQuery = { kinds: [], q: '', sort: '-delta', path: '' };

export const CHANGES = ['added', 'changed', 'deleted'] as const;
export const KINDS_OF_DIFFERENCE = ['added', 'removed', 'changed'] as const;
const SORTS: readonly FileSort[] = ['name', '-name', 'size', '-size', 'modified', '-modified'];
const COMPARE_SORTS: readonly CompareSort[] = ['-delta', 'path'];

/** Reads its part of a query; what is missing or misspelt has its default. */
export function parseFilesQuery(query: URLSearchParams): FilesQuery {
  return {
    path: cleanPath(query.get('path') ?? ''), changes: someOf(CHANGES, query.get('changes')), min: bytes(query.get('min')),
    q: query.get('q') ?? '', sort: oneOf(SORTS, query.get('sort')),
  };
}

/** Its part of a query; defaults are empty. */
export function formatFilesQuery({ path, changes, min, q, sort }: FilesQuery): Record<string, string> {
  return { path, changes: changes.join(','), min: min > 0 ? String(min) : '', q, sort: sort === 'name' ? '' : sort };
}

export function parseCompareQuery(query: URLSearchParams): CompareQuery {
  return {
    kinds: someOf(KINDS_OF_DIFFERENCE, query.get('kinds')), q: query.get('q') ?? '', sort: oneOf(COMPARE_SORTS, query.get('sort')),
    path: cleanPath(query.get('path') ?? ''),
  };
}

export function formatCompareQuery({ kinds, q, sort, path }: CompareQuery): Record<string, string> {
  return { kinds: kinds.join(','), q, sort: sort === '-delta' ? '' : sort, path };
}

/** The known value that was written, or the first: a shared link never fails for a detail. */
export function oneOf<T extends string>(known: readonly T[], value: string | null): T {
  return known.find((candidate) => candidate === value) ?? (known[0] as T);
}

function someOf<T extends string>(known: readonly T[], value: string | null): T[] {
  const named = (value ?? '').split(',');
  return known.filter((candidate) => named.includes(candidate));
}

/** Slashes at either end say nothing: people paste absolute paths. */
function cleanPath(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

function bytes(text: string | null): number {
  const value = /^\d{1,15}$/.test(text ?? '') ? Number(text) : 0;
  return Number.isSafeInteger(value) ? value : 0;
}
