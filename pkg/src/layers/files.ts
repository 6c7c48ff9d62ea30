import { misuse, PortolanError } from '../error.js';
import type { CallOptions } from '../types.js';
import type { CallMore, Host, Source } from './host.js';
import { release } from './hosts.js';
import { looksLike } from './preview.js';
import type { CallName, Calls, RawFilter, RawPage, Totals } from './protocol.js';
import { CHANGES, DIFFERENCES, toComparison, toHistory, toRow, toRows, toTreemap, toWaste, TYPES } from './rows.js';
import type {
  CompareOptions, Comparison, FileContent, FileFilter, FileRow, FileRows, FileSort, ImageFiles, LayerFiles, ListOptions, PathEvent, PathOrId, ReadOptions,
  SearchOptions, TreemapNode, TreemapOptions, Waste,
} from './types.js';

const SORTS: Record<FileSort, number> = { name: 0, size: 1, modified: 2, '-name': 4, '-size': 5, '-modified': 6 };
const PAGE = 1000;
const READ = 1024 * 1024;

/** The page's side of an open image: asks the worker. */
export class OpenFiles implements ImageFiles {
  readonly layers: readonly LayerFiles[];
  readonly files: number;
  readonly directories: number;
  readonly size: number;
  readonly #host: Host;
  readonly #image: number;
  readonly #source: Source;
  #closed = false;

  constructor(host: Host, image: number, source: Source, layers: readonly LayerFiles[], { files, directories, size }: Totals) {
    this.#host = host;
    this.#image = image;
    this.#source = source;
    this.layers = layers;
    this.files = files;
    this.directories = directories;
    this.size = size;
  }

  get partial(): boolean {
    return this.layers.some(({ state }) => state !== 'ready');
  }

  async stat(path: PathOrId, options: FileFilter & CallOptions = {}): Promise<FileRow | undefined> {
    return toRow(await this.#call('stat', { ...this.#place(path), filter: filter(options) }, options));
  }

  async list(directory: PathOrId, options: ListOptions = {}): Promise<FileRows> {
    return toRows(await this.#call('list', { ...this.#place(directory), filter: filter(options), page: page(options, true) }, options));
  }

  async search(words: string, options: SearchOptions = {}): Promise<FileRows> {
    return toRows(await this.#call('search', { ...this.#place(options.below ?? 0), words, filter: filter(options), page: page(options, false) }, options));
  }

  async treemap(directory: PathOrId, options: TreemapOptions = {}): Promise<TreemapNode> {
    const { depth = 3, boxes = 500 } = options;
    const root = toTreemap(await this.#call('treemap', { ...this.#place(directory), filter: filter(options), depth, boxes }, options));
    if (!root) throw new PortolanError({ kind: 'NotFound', message: 'there is no such directory in this view', retryable: false, stage: 'layer' });
    return root;
  }

  async history(path: PathOrId, options: CallOptions = {}): Promise<PathEvent[]> {
    return toHistory(await this.#call('history', this.#place(path), options));
  }

  async waste(options: CallOptions & { limit?: number | undefined } = {}): Promise<Waste> {
    return toWaste(await this.#call('waste', { image: this.#image, limit: options.limit ?? PAGE }, options));
  }

  async compare(other: ImageFiles, options: CompareOptions = {}): Promise<Comparison> {
    if (!(other instanceof OpenFiles) || other.#host !== this.#host || other.#closed) throw misuse('compare() wants the files of another open image');
    const { kinds, search = '', sort, offset = 0, limit = PAGE } = options;
    const asked = { image: this.#image, other: other.#image, kinds: bits(DIFFERENCES, kinds), search, sort: sort === '-delta' ? 1 : 0, offset, limit };
    return toComparison(await this.#call('compare', asked, options), this.layers);
  }

  async read(path: PathOrId, options: ReadOptions = {}): Promise<FileContent> {
    const { layer = -1, limit = READ, signal, onProgress } = options;
    let received = 0;
    let total = 0;
    const source: Source = (want, end) => {
      total += want.length ?? want.size;
      return this.#source(want, end);
    };
    const onBytes = (bytes: number) => {
      received += bytes;
      onProgress?.({ received, total });
    };
    const content = await this.#call('read', { ...this.#place(path), layer, limit }, { signal, source, onBytes });
    return { ...content, ...looksLike(content.bytes), downloaded: received };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const close = this.#host.call('close', { image: this.#image });
    void close.catch(() => undefined).then(() => release(this.#host));
  }

  #place(path: PathOrId): { image: number; path: PathOrId } {
    return { image: this.#image, path };
  }

  #call<N extends CallName>(name: N, args: Calls[N]['args'], { signal, source, onBytes }: CallMore): Promise<Calls[N]['value']> {
    if (this.#closed) return Promise.reject(misuse('the files were closed'));
    return this.#host.call(name, args, { signal, ...(source && { source }), ...(onBytes && { onBytes }) });
  }
}

function filter({ layer = -1, changes, deleted = false, minSize = 0, types }: FileFilter): RawFilter {
  return { layer, changes: bits(CHANGES, changes), deleted, minSize, types: bits(TYPES, types) };
}

function page({ sort = 'name', directoriesFirst, offset = 0, limit = PAGE }: ListOptions, directories: boolean): RawPage {
  return { sort: SORTS[sort], directoriesFirst: directoriesFirst ?? directories, offset, limit };
}

/** A bit for each that is chosen; none where nothing was chosen. */
function bits<T>(all: readonly T[], chosen: readonly T[] | undefined): number {
  return (chosen ?? []).reduce((sum, value) => sum | 1 << all.indexOf(value), 0);
}
