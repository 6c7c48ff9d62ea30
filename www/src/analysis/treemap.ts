import type { TreemapNode } from 'portolan/layers';
import { hierarchy, treemap, treemapSquarify, type HierarchyRectangularNode } from 'd3-hierarchy';

/** A box of the map, in pixels. Boxes lie over those they are in. */
export interface Box {
  /** Names below the directory that the map is of. */
  path: string;
  node: TreemapNode;
  /** What had no box of its own: nothing that can be opened. */
  rest?: { size: number; count: number };
  x: number;
  y: number;
  width: number;
  height: number;
  depth: number;
  /** Has a line for its name above the boxes in it. */
  headed: boolean;
}

export interface Space { width: number; height: number }

/** Room for the name of a directory above what is in it, and what a name needs to be drawn at all, pixels. */
const HEAD = 19;
const GAP = 1;
/** Smaller boxes are not drawn: they could be neither seen nor hit. */
const LEAST = 3;

interface Datum { node: TreemapNode; path: string; rest?: { size: number; count: number }; value: number; children: Datum[] }

/** Boxes for what is in a directory, squarified, largest first. The directory itself has none. */
export function boxes(root: TreemapNode, { width, height }: Space): Box[] {
  if (width < 1 || height < 1) return [];
  const tree = hierarchy(datum(root, ''), (of) => of.children).sum((of) => of.value);
  if (!tree.value) return [];
  const layout = treemap<Datum>().tile(treemapSquarify.ratio(1.25)).size([width, height]).round(true).paddingInner(GAP)
    .paddingOuter((at) => (at.depth > 0 ? GAP : 0)).paddingTop((at) => (at.depth === 0 ? 0 : isHeaded(at) ? HEAD : GAP));
  const found: Box[] = [];
  layout(tree).eachBefore((at) => {
    const box = at.depth === 0 ? undefined : toBox(at);
    if (box) found.push(box);
  });
  return found;
}

function toBox(at: HierarchyRectangularNode<Datum>): Box | undefined {
  const { data, depth, x0, x1, y0, y1 } = at;
  const [width, height] = [x1 - x0, y1 - y0];
  if (width < LEAST || height < LEAST) return undefined;
  return { path: data.path, node: data.node, rest: data.rest, x: x0, y: y0, width, height, depth, headed: isHeaded(at) };
}

function isHeaded(at: HierarchyRectangularNode<Datum>): boolean {
  return Boolean(at.children) && at.x1 - at.x0 > 44 && at.y1 - at.y0 > HEAD * 2;
}

/** Sizes are taken from the leaves up: a directory is as large as what is drawn in it. */
function datum(node: TreemapNode, path: string): Datum {
  const children = node.children.map((child) => datum(child, path === '' ? child.name : `${path}/${child.name}`));
  if (node.rest.size > 0 && node.rest.count > 0) children.push({ node, path, rest: node.rest, value: node.rest.size, children: [] });
  return { node, path, value: children.length > 0 ? 0 : node.size, children };
}

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/** The box that an arrow leads to: the nearest one of the same depth on that side. -1 where there is none. */
export function neighbour(all: readonly Box[], from: number, arrow: Arrow): number {
  const here = all[from];
  if (!here) return -1;
  let best = -1;
  let least = Infinity;
  all.forEach((box, index) => {
    if (index === from || box.depth !== here.depth) return;
    const distance = distanceTo(here, box, arrow);
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}

function distanceTo(from: Box, to: Box, arrow: Arrow): number {
  const across = to.x + to.width / 2 - from.x - from.width / 2;
  const down = to.y + to.height / 2 - from.y - from.height / 2;
  const [ahead, aside] = arrow === 'ArrowLeft' ? [-across, down] : arrow === 'ArrowRight' ? [across, down] : arrow === 'ArrowUp' ? [-down, across] : [down, across];
  return ahead <= 0 ? Infinity : ahead + Math.abs(aside) * 2;
}

/** The largest of a directory in words, for those who do not see the map. */
export function largest(root: TreemapNode, count: number): { name: string; share: number }[] {
  return [...root.children].sort((a, b) => b.size - a.size).slice(0, count)
    .map(({ name, size }) => ({ name, share: root.size > 0 ? size / root.size : 0 }));
}
