// Answers of the module as objects: made of the rows of a page only.
import { Reader } from './columns.js';
import type { Columns } from './protocol.js';
import type {
  Aspect, BuriedSecret, Change, Comparison, Difference, DifferenceKind, FileRow, FileRows, FileType, PathEvent, TreemapNode, Waste, WastePath,
} from './types.js';

// In the order of their numbers in the module.
export const TYPES: readonly FileType[] = ['file', 'directory', 'symlink', 'hardlink', 'char-device', 'block-device', 'fifo'];
export const CHANGES: readonly Change[] = ['added', 'changed', 'deleted', 'unchanged'];
export const DIFFERENCES: readonly DifferenceKind[] = ['added', 'removed', 'changed'];
const ASPECTS: readonly Aspect[] = ['type', 'content', 'size', 'mode', 'owner', 'link', 'device', 'xattrs'];
const FLAGS = ['absolute', 'escapes', 'link-escapes', 'size-conflict', 'sparse', 'unknown-type', 'id-clamped', 'repeated', 'nul', 'cut', 'no-target'];

export function toRow(columns: Columns): FileRow | undefined {
  return new Reader(columns).list(row)[0];
}

export function toRows(columns: Columns): FileRows {
  const reader = new Reader(columns);
  const total = reader.number();
  return { rows: reader.list(row), total };
}

export function toTreemap(columns: Columns): TreemapNode | undefined {
  const boxes = new Reader(columns).list((reader) => ({ parent: reader.number(), box: box(reader) }));
  for (const { parent, box } of boxes.slice(1)) boxes[parent]?.box.children.push(box);
  return boxes[0]?.box;
}

export function toHistory(columns: Columns): PathEvent[] {
  return new Reader(columns).list((reader) => {
    const event: PathEvent = { layer: reader.number(), change: change(reader) ?? 'unchanged', type: type(reader), size: reader.number(), mode: reader.number() };
    const opaque = reader.boolean();
    return event.change === 'deleted' ? { ...event, opaque } : event;
  });
}

export function toWaste(columns: Columns): Waste {
  const reader = new Reader(columns);
  const [total, kept, score, count] = [reader.number(), reader.number(), reader.number(), reader.number()];
  return { total, kept, reclaimable: total - kept, score, count, paths: reader.list(wastePath), secrets: reader.list(secret) };
}

/** `digests` are those of the left image's layers, with their sizes. */
export function toComparison(columns: Columns, digests: readonly { digest: string; size: number }[]): Comparison {
  const reader = new Reader(columns);
  const shared = reader.list(() => {
    const [left, right] = [reader.number(), reader.number()];
    const { digest = '', size = 0 } = digests[left] ?? {};
    return { digest, size, left, right };
  });
  const place = () => reader.number();
  const [onlyLeft, onlyRight] = [reader.list(place), reader.list(place)];
  const [leftSize, rightSize] = [reader.number(), reader.number()];
  const [added, addedBytes] = [reader.number(), reader.number()];
  const [removed, removedDelta] = [reader.number(), reader.number()];
  const [changed, changedBytes] = [reader.number(), reader.number()];
  const [unknown, total] = [reader.number(), reader.number()];
  return {
    shared, onlyLeft, onlyRight, leftSize, rightSize, added, removed, changed, addedBytes, removedBytes: Math.abs(removedDelta), changedBytes, unknown, total,
    differences: reader.list(difference),
  };
}

function row(reader: Reader): FileRow {
  const id = reader.number();
  const kind = type(reader);
  const [size, files, mode, uid, gid, modified, layer] = [
    reader.number(), reader.number(), reader.number(), reader.number(), reader.number(), reader.number(), reader.number(),
  ];
  const [did, deletedBy, implied, flags] = [change(reader), reader.number(), reader.boolean(), words(FLAGS, reader.number())];
  const [path, link] = [reader.text(), reader.text()];
  // Names have no slash.
  const name = path.slice(path.lastIndexOf('/') + 1);
  const row: FileRow = { id, name, path, type: kind, size, files, mode, uid, gid, modified, layer, implied, flags };
  if (link !== '') row.link = link;
  if (did) row.change = did;
  if (deletedBy >= 0) row.deletedBy = deletedBy;
  return row;
}

function box(reader: Reader): TreemapNode {
  const [id, size, kind, layer, did] = [reader.number(), reader.number(), type(reader), reader.number(), change(reader)];
  const rest = { size: reader.number(), count: reader.number() };
  const box: TreemapNode = { id, name: reader.text(), size, type: kind, layer, children: [], rest };
  if (did) box.change = did;
  return box;
}

function wastePath(reader: Reader): WastePath {
  const [id, bytes, copies] = [reader.number(), reader.number(), reader.number()];
  const writers = reader.list(() => reader.number());
  const [remover, present, path] = [reader.number(), reader.boolean(), reader.text()];
  return { id, path, bytes, copies, writers, remover, present };
}

function secret(reader: Reader): BuriedSecret {
  const [id, layer, removedBy, size] = [reader.number(), reader.number(), reader.number(), reader.number()];
  return { id, layer, removedBy, size, path: reader.text(), what: reader.text() };
}

function difference(reader: Reader): Difference {
  const kind = DIFFERENCES[reader.number()] ?? 'changed';
  const [aspects, delta] = [words(ASPECTS, reader.number()), reader.number()];
  const [[left], [right]] = [reader.list(row), reader.list(row)];
  const found: Difference = { path: (left ?? right)?.path ?? '', kind, aspects, delta };
  if (left) found.left = left;
  if (right) found.right = right;
  return found;
}

function type(reader: Reader): FileType {
  return TYPES[reader.number()] ?? 'file';
}

function change(reader: Reader): Change | undefined {
  return CHANGES[reader.number() - 1];
}

/** Those whose bit is set. */
function words<T extends string>(all: readonly T[], bits: number): T[] {
  return all.filter((_, bit) => (bits >> bit) % 2 === 1);
}
