import { aborted, PortolanError } from '../error.js';
import type { Registry } from '../registry.js';
import type { Image } from '../types.js';
import { OpenFiles } from './files.js';
import type { Host, Source } from './host.js';
import { acquire, release } from './hosts.js';
import type { Keeping, LayerInput, LayerReport } from './protocol.js';
import type { FilesPlan, ImageFiles, LayerFiles, OpenOptions } from './types.js';

/** What is asked of a registry. */
type Origin = Pick<Registry, 'identity' | 'blob' | 'blobRange'>;

/** Layers that are downloaded at once. */
const PARALLEL = 2;
const CACHE = 256 * 1024 * 1024;
/** Milliseconds between two reports of progress. */
const PAUSE = 100;

/**
 * Opens the files of an image: lists its layers in a worker, downloading those that are not cached, and lays them one over
 * another. A layer that fails only says so in `layers`. Close it when you are done.
 */
export async function openFiles(registry: Origin, repository: string, image: Image, options: OpenOptions = {}): Promise<ImageFiles> {
  if (options.signal?.aborted) throw aborted(options.signal);
  const host = await acquire();
  try {
    return await new Opening(host, source(registry, repository), inputs(image), options).run(keeping(registry, options));
  } catch (error) {
    await release(host);
    throw error;
  }
}

/** Tells what `openFiles` with the same options would download, so that a person can decide. The registry is not asked. */
export async function planFiles(registry: Origin, _repository: string, image: Image, options: OpenOptions = {}): Promise<FilesPlan> {
  if (options.signal?.aborted) throw aborted(options.signal);
  const layers = inputs(image);
  const host = await acquire();
  try {
    const { cached, download } = await host.call('plan', { keeping: keeping(registry, options), layers }, { signal: options.signal });
    const rows = layers.map(({ digest, size }, at) => ({ digest, size, cached: cached[at] ?? false }));
    const first = layers.map(({ digest }, at) => layers.findIndex((other) => other.digest === digest) === at);
    return { layers: rows, download: download.reduce((sum, bytes, at) => sum + (first[at] ? bytes : 0), 0) };
  } finally {
    await release(host);
  }
}

/** An image on its way. */
class Opening {
  readonly #host: Host;
  readonly #source: Source;
  readonly #inputs: LayerInput[];
  readonly #options: OpenOptions;
  readonly #layers: LayerFiles[];
  readonly #image: number;
  #told = 0;

  constructor(host: Host, source: Source, inputs: LayerInput[], options: OpenOptions) {
    this.#host = host;
    this.#image = host.newImage();
    this.#source = source;
    this.#inputs = inputs;
    this.#options = options;
    this.#layers = inputs.map(({ digest, size }) => ({
      digest, size, state: 'waiting', cached: false, downloaded: 0, diffId: 'unchecked', entries: 0, content: 0, added: 0, changed: 0, deleted: 0, wasted: 0, notes: [],
    }));
  }

  async run(keeping: Keeping): Promise<ImageFiles> {
    const { signal, verifyDiffIds = true } = this.#options;
    const image = this.#image;
    try {
      this.#report(await this.#host.call('open', { image, keeping, layers: this.#inputs, verifyDiffIds }, { signal }));
      await this.#index(verifyDiffIds);
      const totals = await this.#host.call('merge', { image }, { signal });
      this.#report(totals.layers);
      return new OpenFiles(this.#host, image, this.#source, this.#layers, totals);
    } catch (error) {
      void this.#host.call('close', { image }).catch(() => undefined);
      throw error;
    }
  }

  /** Lists what is not known yet, a few layers at once, each digest once. */
  async #index(verify: boolean): Promise<void> {
    const wanted = this.#layers.flatMap(({ digest, state }, at) => state === 'waiting' && this.#first(digest) === at ? [at] : []);
    if (verify && wanted.some((at) => this.#inputs[at]?.diffId !== undefined)) this.#host.addHasher();
    const rest = wanted.values();
    const stop = new AbortController();
    const end = () => stop.abort();
    this.#options.signal?.addEventListener('abort', end);
    const one = async () => { for (const at of rest) await this.#list(at, stop.signal); };
    try {
      await Promise.all(Array.from({ length: PARALLEL }, one));
    } catch (error) {
      stop.abort();
      throw this.#options.signal?.aborted ? aborted(this.#options.signal) : error;
    } finally {
      this.#options.signal?.removeEventListener('abort', end);
    }
  }

  async #list(at: number, signal: AbortSignal): Promise<void> {
    const layer = this.#layers[at];
    if (!layer) return;
    this.#change(layer, { state: 'reading' }, true);
    const report = await this.#host.call('index', { image: this.#image, layer: at }, {
      signal,
      source: this.#source,
      onBytes: (bytes) => this.#change(layer, { downloaded: layer.downloaded + bytes }),
      onEntries: (entries) => this.#change(layer, { entries }),
    });
    for (const same of this.#layers) if (same.digest === layer.digest) this.#change(same, settled(report), true);
  }

  #report(reports: readonly LayerReport[]): void {
    for (const [at, report] of reports.entries()) Object.assign(this.#layers[at] ?? {}, settled(report));
    this.#tell();
  }

  #change(layer: LayerFiles, change: Partial<LayerFiles>, now = false): void {
    Object.assign(layer, change);
    if (now || performance.now() > this.#told + PAUSE) this.#tell();
  }

  #tell(): void {
    this.#told = performance.now();
    const fresh = this.#layers.filter(({ cached, digest }, at) => !cached && this.#first(digest) === at);
    const received = fresh.reduce((sum, { downloaded }) => sum + downloaded, 0);
    // What ended early, for having a table of contents or being broken, will not go on.
    const total = fresh.reduce((sum, { state, size, downloaded }) => sum + (state === 'waiting' || state === 'reading' ? size : downloaded), 0);
    this.#options.onProgress?.({ received, total, layers: this.#layers.map((layer) => ({ ...layer })) });
  }

  #first(digest: string): number {
    return this.#layers.findIndex((layer) => layer.digest === digest);
  }
}

function settled({ error, ...report }: LayerReport): Partial<LayerFiles> {
  return error ? { ...report, error: new PortolanError(error) } : report;
}

/** The layers of the manifest. Only container images say what their layers are uncompressed. */
function inputs({ manifest, config }: Image): LayerInput[] {
  const diffIds = config?.diffIds.length === manifest.layers.length ? config.diffIds : [];
  return manifest.layers.map(({ digest, size, mediaType, annotations }, at) => {
    const input: LayerInput = { digest, size: Number(size), mediaType, annotations: Object.entries(annotations).flat() };
    const diffId = diffIds[at];
    return diffId === undefined ? input : { ...input, diffId };
  });
}

function keeping(registry: Origin, { identity, cache = true, cacheLimit = CACHE }: OpenOptions): Keeping {
  return { identity: identity ?? registry.identity, limit: cache ? cacheLimit : 0 };
}

function source(registry: Origin, repository: string): Source {
  return ({ digest, size, offset, length }, signal) => {
    if (offset === undefined || length === undefined) return registry.blob(repository, digest, { size: BigInt(size), signal });
    return registry.blobRange(repository, digest, { size: BigInt(size), offset: BigInt(offset), length: BigInt(length), signal });
  };
}
