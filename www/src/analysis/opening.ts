import type { FilesPlan, LayerFiles } from 'portolan/layers';
import { formatBytes, plural } from './format';

/** Up to this much is downloaded without asking, bytes: what a page with pictures costs. */
export const UNASKED = 64 * 1024 * 1024;

/** How a tab that shows files begins. */
export type Start = 'now' | 'ask';

/**
 * `now` where nobody would mind. Tabs that are about something else (`eager` false) only read what is here already.
 */
export function startOf(plan: FilesPlan, eager: boolean): Start {
  return plan.download <= (eager ? UNASKED : 0) ? 'now' : 'ask';
}

/** `4 layers are to be read, 182 MiB to download; 2 are known already.` */
export function planSentence(plan: FilesPlan): string {
  const known = plan.layers.filter((layer) => layer.cached).length;
  const rest = plan.layers.length - known;
  if (rest === 0) return `${plural(known, 'layer is', 'layers are')} known from an earlier visit: nothing is to be downloaded.`;
  const size = formatBytes(plan.download);
  const cost = `${plural(rest, 'layer')}, ${size} to download at the most`;
  return known === 0 ? `${cost}.` : `${cost}; ${plural(known, 'layer is', 'layers are')} known already.`;
}

/** Two plans as one question. */
export function joinPlans(plans: readonly FilesPlan[]): FilesPlan {
  const layers = plans.flatMap((plan) => plan.layers);
  const seen = new Set<string>();
  const once = layers.filter(({ digest }) => !seen.has(digest) && seen.add(digest));
  const download = once.filter(({ cached }) => !cached).reduce((sum, { size }) => sum + size, 0);
  return { layers: once, download: Math.min(download, plans.reduce((sum, plan) => sum + plan.download, 0)) };
}

/** `3 of 9 layers read`, and how far the bytes are, from 0 to 1. */
export function readSoFar(layers: readonly LayerFiles[], received: number, total: number): { words: string; share: number } {
  const done = layers.filter(({ state }) => state !== 'waiting' && state !== 'reading').length;
  const bytes = total > 0 ? `${formatBytes(received)} of ${formatBytes(total)}` : 'nothing to download';
  return { words: `${done} of ${plural(layers.length, 'layer')} read, ${bytes}`, share: total > 0 ? Math.min(1, received / total) : 1 };
}
