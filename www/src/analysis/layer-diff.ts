import type { Image } from 'portolan';
import { layerNames, type LayerName } from './layer-names';

/** Layers of two images by digest: what both have once, and what only one of them has. Bottom first. */
export interface LayerDifference {
  shared: { left: LayerName; right: LayerName }[];
  onlyLeft: LayerName[];
  onlyRight: LayerName[];
  /** Compressed bytes. */
  sharedSize: bigint;
  leftSize: bigint;
  rightSize: bigint;
}

export function layerDifference(left: Image, right: Image): LayerDifference {
  const rest = new Map<string, LayerName[]>();
  for (const name of layerNames(right)) rest.set(name.digest, [...rest.get(name.digest) ?? [], name]);
  const shared: LayerDifference['shared'] = [];
  const onlyLeft: LayerName[] = [];
  for (const name of layerNames(left)) {
    const twin = rest.get(name.digest)?.shift();
    if (twin) shared.push({ left: name, right: twin });
    else onlyLeft.push(name);
  }
  const onlyRight = [...rest.values()].flat().sort((a, b) => a.place - b.place);
  return {
    shared, onlyLeft, onlyRight, sharedSize: sum(shared.map((pair) => pair.left)), leftSize: sum(onlyLeft), rightSize: sum(onlyRight),
  };
}

function sum(layers: readonly LayerName[]): bigint {
  return layers.reduce((total, { size }) => total + size, 0n);
}

/** Bands of the drawing, bottom first: runs of shared layers, and what either side has between them. */
export interface Band { kind: 'shared' | 'apart'; left: LayerName[]; right: LayerName[] }

export function bands({ shared, onlyLeft, onlyRight }: LayerDifference): Band[] {
  const found: Band[] = [];
  let [left, right] = [[...onlyLeft], [...onlyRight]];
  const apart = (beforeLeft: number, beforeRight: number): void => {
    const band: Band = { kind: 'apart', left: left.filter(({ place }) => place < beforeLeft), right: right.filter(({ place }) => place < beforeRight) };
    left = left.filter(({ place }) => place >= beforeLeft);
    right = right.filter(({ place }) => place >= beforeRight);
    if (band.left.length + band.right.length > 0) found.push(band);
  };
  for (const pair of shared) {
    apart(pair.left.place, pair.right.place);
    const last = found[found.length - 1];
    if (last?.kind === 'shared') {
      last.left.push(pair.left);
      last.right.push(pair.right);
    } else {
      found.push({ kind: 'shared', left: [pair.left], right: [pair.right] });
    }
  }
  apart(Infinity, Infinity);
  return found;
}
