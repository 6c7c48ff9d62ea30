import type { Image } from 'portolan';
import { KIND_WORDS, type CommandKind } from './command';
import { formatBytes } from './format';
import { imageSteps, type Step } from './stack';

/** What a layer is called and drawn as in views that speak of files. */
export interface LayerName {
  /** Place among the layers, from 0 at the bottom, as `portolan/layers` counts. */
  place: number;
  /** Place among the steps of the history, from 1. */
  step: number;
  digest: string;
  /** As the address has it. */
  key: string;
  kind: CommandKind;
  /** `COPY src/ /srv/app/`: untrusted. */
  command: string;
  size: bigint;
}

/** The layers of an image, bottom first. */
export function layerNames(image: Image): LayerName[] {
  return stepNames(imageSteps(image));
}

export function stepNames(steps: readonly Step[]): LayerName[] {
  const names: LayerName[] = [];
  steps.forEach((step, index) => {
    if (!step.layer) return;
    const { command: { kind, keyword, body }, layer: { digest, size } } = step;
    const word = keyword || KIND_WORDS[kind];
    names.push({ place: names.length, step: index + 1, digest, key: stepKey(steps, index), kind, command: `${word} ${body}`.trim(), size });
  });
  return names;
}

/** A step is addressed by the digest of its layer; what has none, or shares it with another, by its place in the history. */
export function stepKey(steps: readonly Step[], index: number): string {
  const digest = steps[index]?.layer?.digest;
  const unique = digest && steps.filter((step) => step.layer?.digest === digest).length === 1;
  return unique ? digest : String(index + 1);
}

/** The step that a key names; -1 where there is none. */
export function stepAt(steps: readonly Step[], key: string): number {
  if (key === '') return -1;
  const index = /^\d+$/.test(key) ? Number(key) - 1 : steps.findIndex((step) => step.layer?.digest === key);
  return steps[index] ? index : -1;
}

/** The layer that a key of the address names. */
export function layerOfKey(names: readonly LayerName[], key: string): LayerName | undefined {
  return names.find((name) => name.key === key) ?? names.find((name) => name.digest === key || String(name.step) === key);
}

/** `Layer 3: COPY src/ … (24.8 MiB)`, for lists to choose from. */
export function layerTitle({ place, command, size }: LayerName): string {
  return `Layer ${place + 1}: ${command.length > 60 ? `${command.slice(0, 59)}…` : command} (${formatBytes(size)})`;
}
