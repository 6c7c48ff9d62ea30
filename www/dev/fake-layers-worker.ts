/** The worker of the fake: holds the files of the images that are open. */
import type { CompareOptions, FileFilter, LayerFiles, PathOrId } from '../../pkg/src/layers/types';
import { contentOf } from './layers/contents';
import { entriesOf } from './layers/entries';
import { comparison } from './layers/judge';
import { MemoryFiles } from './layers/memory';
import { Overlay } from './layers/overlay';
import type { Profile } from './layers/profiles';
import { SyntheticFiles } from './layers/synthetic';

export type OpenedLayer = Pick<LayerFiles, 'entries' | 'content' | 'added' | 'changed' | 'deleted' | 'wasted' | 'unpacked' | 'notes'>;

interface Message { id: number; handle: number; method: string; args: unknown[] }

const images = new Map<number, MemoryFiles | SyntheticFiles>();
const stopped = new Set<number>();

globalThis.onmessage = ({ data }: MessageEvent<Message>) => {
  if (data.method === 'abort') stopped.add(data.id);
  else setTimeout(() => void answer(data), 4);
};

async function answer({ id, handle, method, args }: Message): Promise<void> {
  if (stopped.delete(id)) return;
  try {
    const value = method === 'open' ? open(handle, args[0] as string[], args[1] as Profile) : await call(handle, method, args);
    postMessage({ id, value });
  } catch (error) {
    postMessage({ id, error: String(error) });
  }
}

function open(handle: number, digests: string[], profile: Profile): { layers: OpenedLayer[]; totals: object } {
  const opened = profile.synthetic ? openSynthetic(digests, profile.synthetic) : openMemory(digests, profile);
  images.set(handle, opened.files);
  return { layers: opened.layers, totals: opened.files.totals };
}

function openMemory(digests: string[], { faults }: Profile): { files: MemoryFiles; layers: OpenedLayer[] } {
  const overlay = new Overlay();
  const entries = digests.map((digest, place) => {
    const all = faults[place] === 'failed' ? [] : entriesOf(place, digest);
    return faults[place] === 'partial' ? all.slice(0, Math.floor(all.length * 0.6)) : all;
  });
  entries.forEach((list, place) => overlay.push(list, place));
  const files = new MemoryFiles(overlay, digests.map((digest, place) => ({ digest, state: faults[place] === 'failed' ? 'failed' : faults[place] === 'partial' ? 'partial' : 'ready', source: faults[place] === 'estargz' ? 'estargz' : 'layer' }) as LayerFiles));
  return { files, layers: entries.map((list, place) => {
    const events = overlay.nodes.flatMap((node) => node.events.filter((event) => event.layer === place));
    const count = (change: string): number => events.filter((event) => event.change === change).length;
    const content = list.reduce((sum, { size }) => sum + size, 0);
    const wasted = overlay.nodes.reduce((sum, node) => sum + node.events.filter((event) => event.layer === place && event.entry && event.entry !== node.entry).reduce((all, { size }) => all + size, 0), 0);
    return { entries: list.length, content, added: count('added'), changed: count('changed'), deleted: count('deleted'), wasted, unpacked: content + list.length * 1024, notes: [] };
  }) };
}

function openSynthetic(digests: string[], [flat, shards, each]: [number, number, number]): { files: SyntheticFiles; layers: OpenedLayer[] } {
  const files = new SyntheticFiles([], flat, shards, each);
  const none = { entries: 0, content: 0, added: 0, changed: 0, deleted: 0, wasted: 0, unpacked: 0, notes: [] };
  const { files: count, size } = files.totals;
  return { files, layers: digests.map((_digest, place) => (place === 1 ? { ...none, entries: count, added: count, content: size } : none)) };
}

async function call(handle: number, method: string, args: unknown[]): Promise<unknown> {
  const files = images.get(handle);
  if (!files) throw new Error('these files are closed');
  if (method === 'close') return void images.delete(handle);
  if (method === 'compare') return comparison(files as MemoryFiles, images.get(args[0] as number) as MemoryFiles, args[1] as CompareOptions);
  if (method === 'read') {
    const row = files.stat(args[0] as PathOrId, { layer: args[2] as number | undefined } satisfies FileFilter);
    if (!row) throw new Error('there is no such file');
    return contentOf(row, args[1] as number);
  }
  const methods = files as unknown as Record<string, (...list: unknown[]) => unknown>;
  return methods[method]?.(...args);
}
