import type { Image, Layer } from 'portolan';
import { parseCommand, type Command } from './command';

/** One step that made the image, bottom first: a layer, or an instruction that made none (`layer` undefined). */
export interface Step {
  command: Command;
  /** As the history has it. */
  raw: string | undefined;
  created: string | undefined;
  comment: string | undefined;
  layer: Layer | undefined;
  /** Position among the layers, from 1; 0 for instructions without a layer. */
  number: number;
}

/** Joins history and layers. Where they do not match, only the layers are told: a wrong command is worse than none. */
export function imageSteps(image: Image): Step[] {
  const history = image.historyMatches ? image.config?.history ?? [] : [];
  if (history.length === 0) return image.layers.map((layer, index) => layerStep(layer, index));
  const steps: Step[] = [];
  let next = 0;
  for (const entry of history) {
    if (!entry.emptyLayer) {
      const layer = image.layers[next];
      if (layer) steps.push(layerStep(layer, next, entry.createdBy));
      next += 1;
    } else {
      const { createdBy: raw, created, comment } = entry;
      steps.push({ command: parseCommand(raw), raw, created, comment, layer: undefined, number: 0 });
    }
  }
  for (; next < image.layers.length; next += 1) steps.push(layerStep(image.layers[next] as Layer, next));
  return steps;
}

function layerStep(layer: Layer, index: number, createdBy?: string): Step {
  const raw = layer.command ?? createdBy;
  const command = parseCommand(raw);
  // What lies at the bottom and was added whole is what the image starts from; how it was added says nothing more.
  const base = index === 0 && command.kind !== 'run' && command.kind !== 'copy';
  return {
    command: base ? { ...command, kind: 'base' } : command,
    raw, created: layer.created, comment: layer.comment, layer, number: index + 1,
  };
}

export type Scale = 'linear' | 'log';

/** Parts of 1 for each size, to scale against the sum: the strata of the drawing. Empty sizes have no part. */
export function strata(sizes: readonly bigint[], scale: Scale): number[] {
  const weights = sizes.map((size) => weight(size, scale));
  const sum = weights.reduce((total, value) => total + value, 0);
  return weights.map((value) => (sum === 0 ? 0 : value / sum));
}

/** Parts of 1 for each size against the greatest: the bars of the list. */
export function bars(sizes: readonly bigint[], scale: Scale): number[] {
  const weights = sizes.map((size) => weight(size, scale));
  const greatest = weights.reduce((most, value) => Math.max(most, value), 0);
  return weights.map((value) => (greatest === 0 ? 0 : value / greatest));
}

// log2 of KiB, so that a layer of 100 bytes and one of 1 GiB can be seen in one picture.
function weight(size: bigint, scale: Scale): number {
  const value = Math.max(0, Number(size));
  return scale === 'linear' ? value : Math.log2(1 + value / 1024);
}
