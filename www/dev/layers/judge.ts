/** Waste and differences of the made-up images. */
import type { Aspect, Comparison, CompareOptions, Difference, FileRow, Waste, WastePath } from '../../../pkg/src/layers/types';
import type { MemoryFiles, Seen } from './memory';
import type { Node, Overlay } from './overlay';

const SECRETS: readonly [RegExp, string][] = [
  [/\/id_(?:rsa|ed25519)$/, 'a private SSH key'], [/\/\.env$/, 'a file of environment variables'], [/service-account\.json$/, 'credentials of a service account'],
];

export function wasteOf({ nodes }: Overlay, limit: number): Waste {
  const paths: WastePath[] = [];
  const secrets: Waste['secrets'] = [];
  let total = 0;
  let kept = 0;
  for (const node of nodes) {
    const written = node.events.filter(({ entry }) => entry?.type === 'file');
    const all = written.reduce((sum, { size }) => sum + size, 0);
    const stays = node.entry?.type === 'file' ? node.entry.size : 0;
    total += all;
    kept += stays;
    if (all > stays) paths.push(wasted(node, all - stays));
    const what = SECRETS.find(([pattern]) => pattern.test(node.path))?.[1];
    const last = written[written.length - 1];
    if (what && last && node.deletedBy !== undefined) secrets.push({ id: node.id, path: node.path, layer: last.layer, removedBy: node.deletedBy, size: last.size, what });
  }
  paths.sort((a, b) => b.bytes - a.bytes);
  return { total, kept, reclaimable: total - kept, score: total === 0 ? 1 : kept / total, paths: paths.slice(0, limit), count: paths.length, secrets };
}

function wasted(node: Node, bytes: number): WastePath {
  const writers = node.events.filter(({ entry }) => entry?.type === 'file').map(({ layer }) => layer);
  const present = node.entry !== undefined;
  const remover = present ? node.layer : node.deletedBy ?? 0;
  return { id: node.id, path: node.path, bytes, copies: writers.length - (present ? 1 : 0), writers: present ? writers.slice(0, -1) : writers, remover, present };
}

export function comparison(left: MemoryFiles, right: MemoryFiles, options: CompareOptions): Comparison {
  const all = differences(left, right);
  const { kinds = [], search = '', sort = 'path', offset = 0, limit = 1000 } = options;
  const word = search.toLowerCase();
  const found = all.filter(({ kind, path }) => (kinds.length === 0 || kinds.includes(kind)) && path.toLowerCase().includes(word));
  found.sort((a, b) => (sort === '-delta' ? Math.abs(b.delta) - Math.abs(a.delta) : 0) || (a.path < b.path ? -1 : 1));
  const of = (kind: Difference['kind']): Difference[] => all.filter((difference) => difference.kind === kind);
  const bytes = (list: Difference[]): number => list.reduce((sum, { delta }) => sum + delta, 0);
  const twin = (digest: string): number => right.layers.findIndex((layer) => layer.digest === digest);
  return {
    shared: left.layers.flatMap(({ digest, size }, at) => (twin(digest) < 0 ? [] : [{ digest, size, left: at, right: twin(digest) }])),
    onlyLeft: left.layers.flatMap(({ digest }, at) => (twin(digest) < 0 ? [at] : [])),
    onlyRight: right.layers.flatMap(({ digest }, at) => (left.layers.some((layer) => layer.digest === digest) ? [] : [at])),
    leftSize: left.totals.size, rightSize: right.totals.size, added: of('added').length, removed: of('removed').length, changed: of('changed').length,
    addedBytes: bytes(of('added')), removedBytes: -bytes(of('removed')), changedBytes: bytes(of('changed')), unknown: unknown(left, right),
    differences: found.slice(offset, offset + limit), total: found.length,
  };
}

/** Files that are alike as far as is known, one of them told by a table of contents and the other looked at. */
function unknown(left: MemoryFiles, right: MemoryFiles): number {
  const after = rows(right);
  const pairs = [...rows(left)].flatMap(([path, [row, version]]) => {
    const [other, newer] = after.get(path) ?? [];
    return other && row.type === 'file' && row.size > 0 && aspectsOf(row, other, version !== newer).length === 0 ? [[left.layers[row.layer], right.layers[other.layer]]] : [];
  });
  return pairs.filter(([here, there]) => here?.source !== there?.source && here?.digest !== there?.digest).length;
}

function rows(files: MemoryFiles): Map<string, [FileRow, number]> {
  const map = new Map<string, [FileRow, number]>();
  const walk = ({ row, node, children }: Seen): void => {
    if (node.id !== 0) map.set(row.path, [row, node.entry?.version ?? 0]);
    children.forEach(walk);
  };
  walk(files.view({}));
  return map;
}

function differences(left: MemoryFiles, right: MemoryFiles): Difference[] {
  const [before, after] = [rows(left), rows(right)];
  const found: Difference[] = [];
  for (const [path, [row, version]] of before) {
    const other = after.get(path);
    const aspects = other ? aspectsOf(row, other[0], version !== other[1]) : [];
    if (!other) found.push({ path, kind: 'removed', aspects: [], left: row, delta: row.type === 'directory' ? 0 : -row.size });
    else if (aspects.length > 0) found.push({ path, kind: 'changed', aspects, left: row, right: other[0], delta: other[0].size - row.size });
  }
  for (const [path, [row]] of after) {
    if (!before.has(path)) found.push({ path, kind: 'added', aspects: [], right: row, delta: row.type === 'directory' ? 0 : row.size });
  }
  return found;
}

function aspectsOf(left: FileRow, right: FileRow, content: boolean): Aspect[] {
  const found: Aspect[] = [];
  if (left.type !== right.type) found.push('type');
  if (left.type === 'file' && content) found.push('content');
  if (left.type === 'file' && left.size !== right.size) found.push('size');
  if (left.mode !== right.mode) found.push('mode');
  if (left.uid !== right.uid || left.gid !== right.gid) found.push('owner');
  if (left.link !== right.link) found.push('link');
  return found;
}
