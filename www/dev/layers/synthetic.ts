/** Images of 100,000 and of a million files, of which nothing is kept: rows are made from their number. */
import type {
  Comparison, FileFilter, FileRow, FileRows, LayerFiles, ListOptions, PathEvent, PathOrId, SearchOptions, TreemapNode, TreemapOptions, Waste,
} from '../../../pkg/src/layers/types';
import { number } from '../fake-data';

/** Ids: 0 root, 1 `data`, 2 `data/flat`, 3.. shards, then files in their order. */
export class SyntheticFiles {
  private readonly firstFile: number;

  /** `flat` files in one directory, and `shards` of `each`. */
  constructor(readonly layers: LayerFiles[], private readonly flat: number, private readonly shards: number, private readonly each: number) {
    this.firstFile = 3 + shards;
  }

  get totals(): { files: number; directories: number; size: number; partial: boolean } {
    return { files: this.count, directories: 2 + this.shards, size: this.count * 4096, partial: false };
  }

  private get count(): number {
    return this.flat + this.shards * this.each;
  }

  stat(path: PathOrId): FileRow | undefined {
    if (typeof path === 'number') return this.row(path);
    if (path === '') return this.row(0);
    if (path === 'data') return this.row(1);
    if (path === 'data/flat') return this.row(2);
    const shard = /^data\/shard-(\d+)(?:\/part-(\d+)\.bin)?$/.exec(path);
    const flat = /^data\/flat\/record-(\d+)\.json$/.exec(path);
    if (flat) return this.row(this.firstFile + Number(flat[1]));
    if (!shard) return undefined;
    return this.row(shard[2] === undefined ? 3 + Number(shard[1]) : this.firstFile + this.flat + Number(shard[1]) * this.each + Number(shard[2]));
  }

  list(directory: PathOrId, { sort = 'name', offset = 0, limit = 1000, minSize = 0 }: ListOptions = {}): FileRows {
    const id = typeof directory === 'number' ? directory : this.stat(directory)?.id ?? -1;
    const [first, total] = this.range(id);
    const place = (at: number): number => first + (sort.startsWith('-') ? total - 1 - at : at);
    const rows = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, at) => this.row(place(offset + at)));
    return { rows: rows.filter((row): row is FileRow => row !== undefined && (row.type === 'directory' || row.size >= minSize)), total };
  }

  search(words: string, { offset = 0, limit = 1000, minSize = 0 }: SearchOptions = {}): FileRows {
    const wanted = words.toLowerCase().split(/\s+/).filter((word) => word !== '');
    const rows: FileRow[] = [];
    let total = 0;
    for (let id = 1; id < this.firstFile + this.count; id += 1) {
      const path = this.path(id);
      if (!wanted.every((word) => path.includes(word)) || (minSize > 0 && sizeOf(id) < minSize)) continue;
      if (total >= offset && rows.length < limit) rows.push(this.row(id) as FileRow);
      total += 1;
    }
    return { rows, total };
  }

  treemap(directory: PathOrId, { depth = 3, boxes = 500 }: TreemapOptions = {}): TreemapNode {
    let left = boxes;
    const id = typeof directory === 'number' ? directory : this.stat(directory)?.id ?? 0;
    const box = (of: number, deep: number): TreemapNode => {
      const row = this.row(of) as FileRow;
      const [first, total] = deep < depth ? this.range(of) : [0, 0];
      const shown = Math.min(total, left, of === 2 ? 60 : 110);
      left -= shown;
      const children = Array.from({ length: shown }, (_, at) => box(first + at, deep + 1));
      const rest = row.size - children.reduce((sum, child) => sum + child.size, 0);
      return { id: of, name: row.name, size: row.size, type: row.type, layer: 1, children, rest: { size: shown < total ? rest : 0, count: total - shown } };
    };
    return box(id, 0);
  }

  history(path: PathOrId): PathEvent[] {
    const row = typeof path === 'number' ? this.row(path) : this.stat(path);
    return row ? [{ layer: 1, change: 'added', type: row.type, size: row.size, mode: row.mode }] : [];
  }

  waste(): Waste {
    const total = this.count * 4096;
    return { total, kept: total, reclaimable: 0, score: 1, paths: [], count: 0, secrets: [] };
  }

  compare(): Comparison {
    throw new Error('not made for comparing');
  }

  private range(id: number): [first: number, total: number] {
    if (id === 0) return [1, 1];
    if (id === 1) return [2, 1 + this.shards];
    if (id === 2) return [this.firstFile, this.flat];
    if (id < this.firstFile) return [this.firstFile + this.flat + (id - 3) * this.each, this.each];
    return [0, 0];
  }

  private path(id: number): string {
    if (id <= 2) return ['', 'data', 'data/flat'][id] ?? '';
    if (id < this.firstFile) return `data/shard-${String(id - 3).padStart(4, '0')}`;
    const file = id - this.firstFile;
    if (file < this.flat) return `data/flat/record-${String(file).padStart(6, '0')}.json`;
    const rest = file - this.flat;
    return `data/shard-${String(Math.floor(rest / this.each)).padStart(4, '0')}/part-${String(rest % this.each).padStart(4, '0')}.bin`;
  }

  private row(id: number, _filter: FileFilter = {}): FileRow | undefined {
    if (id < 0 || id >= this.firstFile + this.count) return undefined;
    const path = this.path(id);
    const [, total] = this.range(id);
    const files = id === 0 ? this.count : id === 1 ? this.count : total;
    const directory = id < this.firstFile;
    return {
      id, name: path.slice(path.lastIndexOf('/') + 1), path, type: directory ? 'directory' : 'file', size: directory ? files * 4096 : sizeOf(id),
      files: directory ? files : 0, mode: directory ? 0o755 : 0o644, uid: 0, gid: 0, modified: 1_780_000_000, layer: 1, implied: false, flags: [],
    };
  }
}

function sizeOf(id: number): number {
  return 2048 + (number(`f${id}`) % 4096);
}
