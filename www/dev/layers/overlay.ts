/** Layers laid over each other, for the fake: plain objects, as slow as it likes to be. */
import type { Change, FileRow, PathEvent } from '../../../pkg/src/layers/types';
import type { FakeEntry } from './entries';

export interface Node {
  id: number;
  name: string;
  path: string;
  parent: Node | undefined;
  children: Map<string, Node>;
  events: (PathEvent & { entry?: FakeEntry })[];
  /** What shows in the merged view. */
  entry: FakeEntry | undefined;
  layer: number;
  /** Of a path that is gone: what it was, and who took it. */
  last?: FakeEntry;
  deletedBy?: number;
}

export class Overlay {
  readonly nodes: Node[] = [];
  readonly root: Node;

  constructor() {
    this.root = this.make('', undefined);
  }

  /** Lays a layer on top. Its own whiteouts never hide what it brings itself. */
  push(entries: readonly FakeEntry[], layer: number): void {
    for (const entry of entries.filter(({ whiteout }) => whiteout)) {
      const node = this.find(entry.path);
      if (!node) continue;
      if (entry.whiteout === 'path') this.remove(node, layer, false);
      else for (const child of node.children.values()) this.remove(child, layer, true);
    }
    for (const entry of entries) {
      if (!entry.whiteout) this.put(entry, layer);
    }
  }

  find(path: string): Node | undefined {
    let node: Node | undefined = this.root;
    for (const part of path === '' ? [] : path.split('/')) node = node?.children.get(part);
    return node;
  }

  private put(entry: FakeEntry, layer: number): void {
    const parts = entry.path.split('/');
    let node = this.root;
    for (const part of parts) node = node.children.get(part) ?? this.make(part, node);
    const before = node.entry;
    const change: Change = !before ? 'added' : same(before, entry) ? 'unchanged' : 'changed';
    node.events = node.events.filter((event) => event.layer !== layer || event.change === 'deleted');
    // Hidden and brought again by one layer: changed, to whoever looks at the layer.
    const hidden = node.events.findIndex((event) => event.layer === layer);
    if (hidden >= 0) node.events.splice(hidden, 1);
    node.events.push({ layer, change: hidden >= 0 ? 'changed' : change, type: entry.type, size: entry.size, mode: entry.mode, entry });
    node.entry = entry;
    node.layer = layer;
    node.deletedBy = undefined;
  }

  private remove(node: Node, layer: number, opaque: boolean): void {
    for (const child of node.children.values()) this.remove(child, layer, opaque);
    if (!node.entry) return;
    node.events.push({ layer, change: 'deleted', size: node.entry.size, ...(opaque ? { opaque } : {}) });
    node.last = node.entry;
    node.entry = undefined;
    node.deletedBy = layer;
  }

  private make(name: string, parent: Node | undefined): Node {
    const path = parent && parent.path !== '' ? `${parent.path}/${name}` : name;
    const node: Node = { id: this.nodes.length, name, path, parent, children: new Map(), events: [], entry: undefined, layer: 0 };
    if (!parent) node.entry = { path: '', type: 'directory', size: 0, mode: 0o755, uid: 0, gid: 0, modified: 0, version: 0 };
    parent?.children.set(name, node);
    this.nodes.push(node);
    return node;
  }
}

function same(a: FakeEntry, b: FakeEntry): boolean {
  return a.type === b.type && a.size === b.size && a.mode === b.mode && a.uid === b.uid && a.link === b.link && (a.type === 'directory' || a.version === b.version);
}

/** The row of a node as one view has it; undefined where it is not in it. */
export function rowOf(node: Node, layer: number | undefined): FileRow | undefined {
  const event = layer === undefined ? undefined : node.events.find((one) => one.layer === layer);
  if (layer !== undefined && !event && node.children.size === 0) return undefined;
  const entry = layer === undefined ? node.entry ?? node.last : event?.entry ?? before(node, layer);
  const type = entry?.type ?? 'directory';
  return {
    id: node.id, name: node.name, path: node.path, type, size: type === 'directory' ? 0 : entry?.size ?? 0, files: 0, mode: entry?.mode ?? 0o755,
    uid: entry?.uid ?? 0, gid: entry?.gid ?? 0, modified: entry?.modified ?? 0, layer: event?.layer ?? node.layer, implied: !entry, flags: entry?.flags ?? [],
    ...(entry?.link === undefined ? {} : { link: entry.link }), ...(event ? { change: event.change } : {}),
    ...(node.deletedBy === undefined || layer !== undefined ? {} : { deletedBy: node.deletedBy, change: 'deleted' as const }),
  };
}

function before(node: Node, layer: number): FakeEntry | undefined {
  return [...node.events].reverse().find((one) => one.layer < layer && one.entry)?.entry;
}
