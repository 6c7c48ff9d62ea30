import type { LayerFiles } from 'portolan/layers';
import { formatBytes, formatCount, plural } from './format';
import { toFailure } from './trouble';

/** What is known of a layer's bytes, in a word for the list and a sentence for the panel. */
export interface Verdict {
  tone: 'good' | 'caution' | 'danger' | 'quiet';
  word: string;
  sentence: string;
}

const SOURCES: Record<'estargz' | 'zstd:chunked', string> = { 'estargz': 'eStargz', 'zstd:chunked': 'zstd:chunked' };

/** Whether a layer was read, and whether its bytes are those that were named. A mismatch outweighs everything. */
export function layerVerdict(layer: LayerFiles | undefined): Verdict {
  if (!layer || layer.state === 'waiting') return { tone: 'quiet', word: 'not read', sentence: 'Its files have not been read.' };
  if (layer.diffId === 'mismatch') {
    return {
      tone: 'danger', word: 'not the layer that was built',
      sentence: 'Its bytes have the digest that the manifest names, but unpacked they are not what the config names (diff_id). Manifest and config contradict each other: do not trust this layer until it is known why.',
    };
  }
  switch (layer.state) {
    case 'reading': return { tone: 'quiet', word: 'reading', sentence: `Being read: ${formatBytes(layer.downloaded)} of ${formatBytes(layer.size)}.` };
    case 'failed': return { tone: 'caution', word: 'not read', sentence: `It could not be read: ${reason(layer)}` };
    case 'partial': return { tone: 'caution', word: 'read in part', sentence: `Only its first ${plural(layer.entries, 'entry', 'entries')} could be read: ${reason(layer)}` };
    case 'ready': return readyVerdict(layer);
  }
}

function readyVerdict({ source, diffId, cached }: LayerFiles): Verdict {
  const before = cached ? ' It was read on an earlier visit.' : '';
  if (source === 'estargz' || source === 'zstd:chunked') {
    return {
      tone: 'quiet', word: 'contents not read',
      sentence: `Listed from its ${SOURCES[source]} table of contents, which has the digest that the manifest names. Nobody looked at the contents of its files.${before}`,
    };
  }
  const unpacked = diffId === 'match' ? ' Unpacked, they are what the config names (diff_id).' : ' What the config names unpacked (diff_id) was not checked.';
  return { tone: 'good', word: 'verified', sentence: `All bytes have the digest that the manifest names.${unpacked}${before}` };
}

function reason(layer: LayerFiles): string {
  if (!layer.error) return 'the reason is not known.';
  const { message } = toFailure(layer.error);
  return message.endsWith('.') ? message : `${message}.`;
}

/** What is not whole about the files of an image; empty where all is read. */
export interface Gaps { failed: LayerFiles[]; partial: LayerFiles[]; mismatched: LayerFiles[] }

export function layerGaps(layers: readonly LayerFiles[]): Gaps {
  return {
    failed: layers.filter((layer) => layer.state === 'failed'), partial: layers.filter((layer) => layer.state === 'partial'),
    mismatched: layers.filter((layer) => layer.diffId === 'mismatch'),
  };
}

/** `+1,204 ~3 −17` for those who hear it: `1,204 added, 3 changed, 17 deleted`. */
export function changeSentence({ added, changed, deleted }: Pick<LayerFiles, 'added' | 'changed' | 'deleted'>): string {
  return `${formatCount(added)} added, ${formatCount(changed)} changed, ${formatCount(deleted)} deleted`;
}

/** Whether a layer has answered for its files, if only in part. */
export function isListed(layer: LayerFiles | undefined): layer is LayerFiles {
  return layer?.state === 'ready' || layer?.state === 'partial';
}

/** Whether nothing more will happen to it. */
export function isSettled({ state }: LayerFiles): boolean {
  return state === 'ready' || state === 'partial' || state === 'failed';
}
