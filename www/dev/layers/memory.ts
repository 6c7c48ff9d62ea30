/** The files of a made-up image, in memory. Runs in the worker of the fake. */
import type {
  FileFilter, FileRow, FileRows, FileSort, LayerFiles, ListOptions, PathEvent, PathOrId, SearchOptions, TreemapNode, TreemapOptions, Waste,
} from '../../../pkg/src/layers/types';
import { wasteOf } from './judge';
import { Overlay, rowOf, type Node } from './overlay';

/** A path in one view, with what below it is in the view, too. */
export interface Seen { node: Node; row: FileRow; children: Seen[] }

export class MemoryFiles {
  private readonly views = new Map<string, Seen>();

  constructor(readonly overlay: Overlay, readonly layers: LayerFiles[]) {}

  get totals(): { files: number; directories: number; size: number; partial: boolean } {
    const root = this.view({});
    let directories = 0;
    const walk = (seen: Seen): void => {
      if (seen.row.type === 'directory') directories += 1;
      seen.children.forEach(walk);
    };
    walk(root);
    return { files: root.row.files, directories: directories - 1, size: root.row.size, partial: this.layers.some(({ state }) => state !== 'ready') };
  }

  stat(path: PathOrId, filter: FileFilter = {}): FileRow | undefined {
    return this.seen(path, { ...filter, deleted: true })?.row;
  }

  list(directory: PathOrId, options: ListOptions = {}): FileRows {
    const { sort = 'name', directoriesFirst = true } = options;
    const rows = (this.seen(directory, options)?.children ?? []).map(({ row }) => row).sort(order(sort, directoriesFirst));
    return page(rows, options);
  }

  search(words: string, options: SearchOptions = {}): FileRows {
    const wanted = words.toLowerCase().split(/\s+/).filter((word) => word !== '');
    const found: FileRow[] = [];
    const walk = (seen: Seen): void => {
      const { row } = seen;
      const text = row.path.toLowerCase();
      if (row.id !== 0 && fits(row, options) && wanted.every((word) => text.includes(word))) found.push(row);
      seen.children.forEach(walk);
    };
    const start = this.seen(options.below ?? 0, options);
    if (start) walk(start);
    return page(options.sort ? found.sort(order(options.sort, false)) : found, options);
  }

  treemap(directory: PathOrId, options: TreemapOptions = {}): TreemapNode {
    const seen = this.seen(directory, options);
    const { depth = 3, boxes = 500 } = options;
    let left = boxes;
    const box = ({ row, children }: Seen, deep: number): TreemapNode => {
      const sorted = [...children].sort((a, b) => b.row.size - a.row.size);
      const least = (seen?.row.size ?? 0) / 4000;
      const shown = deep >= depth ? [] : sorted.filter((child) => child.row.size >= least && left-- > 0);
      const rest = deep >= depth ? [] : sorted.filter((child) => !shown.includes(child));
      return {
        id: row.id, name: row.name, size: row.size, type: row.type, layer: row.layer, ...(row.change ? { change: row.change } : {}),
        children: shown.map((child) => box(child, deep + 1)), rest: { size: rest.reduce((sum, child) => sum + child.row.size, 0), count: rest.length },
      };
    };
    return seen ? box(seen, 0) : { id: 0, name: '', size: 0, type: 'directory', layer: 0, children: [], rest: { size: 0, count: 0 } };
  }

  history(path: PathOrId): PathEvent[] {
    return (this.node(path)?.events ?? []).map(({ entry: _entry, ...event }) => event);
  }

  waste(limit = 100): Waste {
    return wasteOf(this.overlay, limit);
  }

  node(path: PathOrId): Node | undefined {
    return typeof path === 'number' ? this.overlay.nodes[path] : this.overlay.find(path);
  }

  view({ layer, changes, deleted, minSize, types }: FileFilter): Seen {
    const key = JSON.stringify([layer, changes, deleted, minSize, types]);
    const known = this.views.get(key);
    if (known) return known;
    const filter = { layer, changes, deleted, minSize, types };
    const made = see(this.overlay.root, filter) ?? { node: this.overlay.root, row: { ...rowOf(this.overlay.root, undefined), id: 0 } as FileRow, children: [] };
    this.views.set(key, made);
    return made;
  }

  private seen(path: PathOrId, filter: FileFilter): Seen | undefined {
    const node = this.node(path);
    const steps: Node[] = [];
    for (let at = node; at?.parent; at = at.parent) steps.unshift(at);
    let seen: Seen | undefined = node ? this.view(filter) : undefined;
    for (const step of steps) seen = seen?.children.find((child) => child.node === step);
    return seen;
  }
}

function see(node: Node, filter: FileFilter): Seen | undefined {
  const children: Seen[] = [];
  for (const child of node.children.values()) {
    const seen = see(child, filter);
    if (seen) children.push(seen);
  }
  const row = rowOf(node, filter.layer);
  if (!row || (node.id !== 0 && children.length === 0 && !fits(row, filter))) return undefined;
  if (row.type === 'directory') {
    row.size = children.reduce((sum, child) => sum + (child.row.type === 'directory' || isThere(child.row, filter) ? child.row.size : 0), 0);
    row.files = children.reduce((sum, child) => sum + (child.row.type === 'directory' ? child.row.files : 1), 0);
  }
  return { node, row, children };
}

function isThere(row: FileRow, { layer }: FileFilter): boolean {
  return layer !== undefined || row.deletedBy === undefined;
}

function fits(row: FileRow, { layer, changes, deleted, minSize = 0, types }: FileFilter): boolean {
  if (layer === undefined ? row.deletedBy !== undefined && !deleted : !row.change || (changes ? !changes.includes(row.change) : row.change === 'unchanged')) return false;
  if (minSize > 0 && (row.type === 'directory' || row.size < minSize)) return false;
  return !types || types.includes(row.type);
}

const names = new Intl.Collator('en');

function order(sort: FileSort, directoriesFirst: boolean): (a: FileRow, b: FileRow) => number {
  const key = sort.replace('-', '') as 'name' | 'size' | 'modified';
  const sign = sort.startsWith('-') ? -1 : 1;
  return (a, b) => {
    if (directoriesFirst && (a.type === 'directory') !== (b.type === 'directory')) return a.type === 'directory' ? -1 : 1;
    const by = key === 'name' ? names.compare(a.name, b.name) : a[key] - b[key];
    return by * sign || names.compare(a.name, b.name);
  };
}

export function page<T>(rows: T[], { offset = 0, limit = 1000 }: { offset?: number | undefined; limit?: number | undefined }): { rows: T[]; total: number } {
  return { rows: rows.slice(offset, offset + limit), total: rows.length };
}
