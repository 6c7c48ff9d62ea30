/**
 * A stand-in for `portolan/layers`, aliased in the mode `fake`. As in the package, the files are in a worker and every answer
 * comes from there, so that what is measured of the views is what they cost themselves.
 */
import type { FilesPlan, FilesProgress, ImageFiles, LayerFiles, OpenOptions } from '../../pkg/src/layers/types';
import type { ErrorKind, Image } from '../../pkg/src/types';
import { PortolanError } from './fake-portolan';
import type { OpenedLayer } from './fake-layers-worker';
import { profileOf, type Profile } from './layers/profiles';

export type * from '../../pkg/src/layers/types';

const MIB = 1024 * 1024;
/** Layers that this visit has read, by digest. */
const read = new Set<string>();

export function planFiles(_registry: unknown, repository: string, image: Image, _options?: OpenOptions): Promise<FilesPlan> {
  const profile = profileOf(repository);
  const layers = image.layers.map(({ digest, size }, place) => ({ digest, size: Number(size), cached: isCached(profile, digest, place) }));
  const download = layers.reduce((sum, { size, cached }) => sum + (cached ? 0 : size), 0);
  return Promise.resolve({ layers, download });
}

export async function openFiles(_registry: unknown, repository: string, image: Image, options: OpenOptions = {}): Promise<ImageFiles> {
  const profile = profileOf(repository);
  const layers = image.layers.map(({ digest, size }, place): LayerFiles => ({
    digest, size: Number(size), state: 'waiting', cached: isCached(profile, digest, place), downloaded: 0, diffId: 'unchecked', entries: 0, content: 0,
    added: 0, changed: 0, deleted: 0, wasted: 0, notes: [],
  }));
  await download(layers, profile, options);
  const handle = next += 1;
  const opened = await ask<{ layers: OpenedLayer[]; totals: Totals }>(handle, 'open', [layers.map(({ digest }) => digest), profile], options.signal);
  layers.forEach((layer, place) => settle(layer, opened.layers[place] as OpenedLayer, profile.faults[place]));
  options.onProgress?.(progressOf(layers));
  return facade(handle, layers, opened.totals);
}

interface Totals { files: number; directories: number; size: number; partial: boolean }

function facade(handle: number, layers: LayerFiles[], totals: Totals): ImageFiles {
  const call = <T>(method: string, args: unknown[], options?: { signal?: AbortSignal | undefined }): Promise<T> => ask<T>(handle, method, args, options?.signal);
  return Object.assign({ handle }, totals, {
    layers,
    stat: (path, filter) => call('stat', [path, plain(filter)], filter),
    list: (directory, options) => call('list', [directory, plain(options)], options),
    search: (words, options) => call('search', [words, plain(options)], options),
    treemap: (directory, options) => call('treemap', [directory, plain(options)], options),
    history: (path, options) => call('history', [path], options),
    waste: (options) => call('waste', [options?.limit], options),
    compare: (other, options) => call('compare', [(other as ImageFiles & { handle: number }).handle, plain(options)], options),
    read: (path, options) => call('read', [path, options?.limit ?? MIB, options?.layer], options),
    close: () => void call('close', []),
  } satisfies Pick<ImageFiles, 'layers' | 'stat' | 'list' | 'search' | 'treemap' | 'history' | 'waste' | 'compare' | 'read' | 'close'>);
}

function isCached({ cached }: Profile, digest: string, place: number): boolean {
  return read.has(digest) || cached === 'all' || (cached === 'base' && place < 5);
}

/** Three layers at once, bottom first. */
async function download(layers: LayerFiles[], profile: Profile, { signal, onProgress }: OpenOptions): Promise<void> {
  const beat = 60;
  for (;;) {
    onProgress?.(progressOf(layers));
    const open = layers.filter((layer) => !layer.cached && layer.downloaded < layer.size);
    if (open.length === 0) break;
    const active = open.slice(0, 3);
    for (const layer of active) {
      layer.state = 'reading';
      layer.downloaded = Math.min(layer.size, layer.downloaded + (profile.speed * MIB * beat) / 1000 / active.length);
      if (layer.downloaded === layer.size) read.add(layer.digest);
    }
    if (profile.refused && progressOf(layers).received > 12 * MIB) break;
    await new Promise((resolve) => setTimeout(resolve, beat));
    if (signal?.aborted) throw new PortolanError('Aborted', 'the request was stopped');
  }
  if (profile.refused) throw new PortolanError(profile.refused.kind, profile.refused.message, { host: 'demo.example' });
}

function progressOf(layers: LayerFiles[]): FilesProgress {
  const fresh = layers.filter(({ cached }) => !cached);
  const sum = (key: 'size' | 'downloaded'): number => fresh.reduce((total, layer) => total + layer[key], 0);
  return { received: Math.round(sum('downloaded')), total: sum('size'), layers: layers.map((layer) => ({ ...layer, downloaded: Math.round(layer.downloaded) })) };
}

function settle(layer: LayerFiles, opened: OpenedLayer, fault: Profile['faults'][number] | undefined): void {
  Object.assign(layer, opened, { state: 'ready', source: 'layer', compression: 'gzip', diffId: 'match' });
  layer.downloaded = layer.cached ? 0 : layer.size;
  if (fault === 'mismatch') layer.diffId = 'mismatch';
  if (fault === 'estargz') Object.assign(layer, { source: 'estargz', diffId: 'unchecked', downloaded: layer.cached ? 0 : 220_000 });
  if (fault === 'partial') Object.assign(layer, { state: 'partial', diffId: 'unchecked', error: new PortolanError('CorruptLayer' as ErrorKind, 'the gzip stream ends at byte 91,204,608 in the middle of a block') });
  if (fault === 'failed') Object.assign(layer, { state: 'failed', source: undefined, diffId: 'unchecked', error: new PortolanError('Unavailable', 'the registry answered HTTP 503', { status: 503, host: 'demo.example' }) });
}

/** The signal and callbacks stay here. */
function plain(options: object | undefined): object {
  const { signal: _signal, onProgress: _progress, ...rest } = (options ?? {}) as { signal?: unknown; onProgress?: unknown };
  return rest;
}

let worker: Worker | undefined;
let next = 0;
const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();

function ask<T>(handle: number, method: string, args: unknown[], signal?: AbortSignal): Promise<T> {
  worker ??= start();
  const id = next += 1;
  return new Promise<T>((resolve, reject) => {
    waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
    worker?.postMessage({ id, handle, method, args });
    signal?.addEventListener('abort', () => {
      if (!waiting.delete(id)) return;
      worker?.postMessage({ id, method: 'abort' });
      reject(new PortolanError('Aborted', 'the request was stopped'));
    }, { once: true });
  });
}

function start(): Worker {
  const made = new Worker(new URL('./fake-layers-worker.ts', import.meta.url), { type: 'module' });
  made.onmessage = ({ data }: MessageEvent<{ id: number; value?: unknown; error?: string }>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.error === undefined) asked?.resolve(data.value);
    else asked?.reject(new PortolanError('Misuse', data.error));
  };
  return made;
}
