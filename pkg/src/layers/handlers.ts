import * as module from '../../wasm/portolan_layers.js';
import { PortolanError } from '../error.js';
import { type Cache, Memory, openCache } from './cache.js';
import { extra } from './extra.js';
import { isTrap } from './failure.js';
import { Hashing } from './hashing.js';
import { announcesTable, OpenImage } from './image.js';
import type { Job, Port } from './job.js';
import { Keep } from './keep.js';
import { more } from './more.js';
import { Packed } from './packed.js';
import type { CallName, Calls, Columns, Keeping, LayerInput, Place, RawFilter } from './protocol.js';
import { Writing } from './writing.js';

interface Answer<V> { value: V; transfer?: Transferable[] }
type Pending<N extends CallName> = Promise<Answer<Calls[N]['value']>> | Answer<Calls[N]['value']>;
type Table = { [N in CallName]: (args: Calls[N]['args'], job: Job) => Pending<N> };

/** The merged view; and what a layer brings, changed or not. */
const MERGED: RawFilter = { layer: -1, changes: 0, deleted: false, minSize: 0, types: 0 };
const BROUGHT = 0b1011;

/** The calls, and what they share. */
export class Handlers {
  readonly #images = new Map<number, OpenImage>();
  readonly #writing = new Writing();
  readonly #memory: Cache = new Packed(new Memory());
  readonly #database = openCache().then((database) => database && new Packed(database));
  #hashing: Hashing | undefined;
  /** The two images that were compared last. */
  #compared: { left: number; right: number; differences: module.Differences } | undefined;

  hashWith(port: Port): void {
    this.#hashing = new Hashing(port);
  }

  answer<N extends CallName>(name: N, args: Calls[N]['args'], job: Job): Pending<N> {
    return this.#calls[name](args, job);
  }

  readonly #calls: Table = {
    plan: async ({ keeping, layers }) => {
      const keep = await this.#keep(keeping);
      const cached: boolean[] = [];
      const download: number[] = [];
      for (const layer of layers) {
        const index = await keep.find(layer);
        index?.free();
        cached.push(index !== undefined);
        download.push(index ? 0 : await cost(layer));
      }
      return { value: { cached, download } };
    },

    open: async ({ image, keeping, layers, verifyDiffIds }, job) => {
      const keep = await this.#keep(keeping, image);
      job.check();
      const open = new OpenImage(layers, keep, verifyDiffIds);
      this.#images.set(image, open);
      await open.look(job);
      return { value: open.reports };
    },

    index: async ({ image, layer }, job) => ({ value: await this.#image(image).index(layer, job, this.#hashing) }),
    merge: ({ image }) => ({ value: this.#image(image).merge() }),
    stat: ({ filter, ...place }) => this.#ask(place, filter, (files, node) => files.stat(node)),
    list: ({ filter, page, ...place }) => this.#ask(place, filter, (files, node) => files.list(node, page.sort, page.directoriesFirst, page.offset, page.limit)),
    search: async ({ filter, page, words, ...place }) => {
      await more();
      return this.#ask(place, filter, (files, node) => files.search(words, node, page.sort, page.directoriesFirst, page.offset, page.limit));
    },
    treemap: ({ filter, depth, boxes, ...place }) => this.#ask(place, filter, (files, node) => files.treemap(node, depth, boxes)),
    history: async (place) => {
      await more();
      return this.#ask(place, MERGED, (files, node) => files.history(node));
    },
    waste: async ({ image, limit }) => {
      await more();
      return columns(this.#image(image).files.waste(limit));
    },

    compare: async ({ image, other, kinds, search, sort, offset, limit }) => {
      await more();
      const [left, right] = [this.#image(image).files, this.#image(other).files];
      return columns(this.#differences(image, other).page(left, right, kinds, search, sort !== 0, offset, limit));
    },

    read: async ({ layer, limit, ...place }, job) => {
      await more();
      job.check();
      const open = this.#image(place.image);
      select(open.files, layer < 0 ? MERGED : { ...MERGED, layer, changes: BROUGHT });
      const node = find(open.files, place.path);
      const reading = node === undefined ? undefined : open.files.read(node, limit);
      if (!reading) throw notFound();
      const value = await read(reading, limit, open, job);
      return { value, transfer: [value.bytes.buffer] };
    },

    close: async ({ image }) => {
      this.#forget(image);
      this.#images.get(image)?.free();
      this.#images.delete(image);
      await this.#writing.all();
      return { value: undefined };
    },
  };

  async #keep(keeping: Keeping, image = 0): Promise<Keep> {
    const database = keeping.identity !== undefined && keeping.limit > 0 ? await this.#database : undefined;
    return new Keep(database ? [database] : [this.#memory], keeping, image, this.#writing);
  }

  #image(image: number): OpenImage {
    const open = this.#images.get(image);
    if (!open) throw new PortolanError({ kind: 'Misuse', message: 'the files were closed', retryable: false });
    return open;
  }

  #ask({ image, path }: Place, filter: RawFilter, ask: (files: module.Files, node: number) => unknown): Answer<Columns> {
    const { files } = this.#image(image);
    select(files, filter);
    // No node has that number, so that what is not there is answered as such.
    return columns(ask(files, find(files, path) ?? NOWHERE));
  }

  #differences(left: number, right: number): module.Differences {
    if (this.#compared?.left !== left || this.#compared.right !== right) {
      this.#compared?.differences.free();
      this.#compared = { left, right, differences: new module.Differences(this.#image(left).files, this.#image(right).files) };
    }
    return this.#compared.differences;
  }

  #forget(image: number): void {
    if (this.#compared?.left !== image && this.#compared?.right !== image) return;
    this.#compared.differences.free();
    this.#compared = undefined;
  }
}

const NOWHERE = 0xffff_ffff;

function columns(answer: unknown): Answer<Columns> {
  const value = answer as Columns;
  return { value, transfer: [value[1].buffer] };
}

function select(files: module.Files, { layer, changes, deleted, minSize, types }: RawFilter): void {
  files.select(layer, changes, deleted, minSize, types);
}

function find(files: module.Files, path: number | string): number | undefined {
  return typeof path === 'number' ? path : files.find(path);
}

/** The bytes of a file, or of its beginning. */
async function read(planned: module.Reading, limit: number, image: OpenImage, job: Job): Promise<Calls['read']['value']> {
  const { digest, size: layerSize } = image.layer(planned.layer());
  const elsewhere = planned.elsewhere();
  if (elsewhere) planned.free();
  const reading = elsewhere ? (await extra()).Reading.of(elsewhere, digest, layerSize, limit) : planned;
  const [size, offset, end] = [reading.size(), reading.start(), reading.end()];
  const parts: Uint8Array[] = [];
  try {
    if (end > offset) {
      for await (const piece of job.want({ digest, size: layerSize, offset, length: end - offset })) {
        parts.push(reading.push(piece));
        if (reading.done()) break;
      }
    }
    // What is still missing is a hole, for which no byte is needed.
    if (!reading.done()) parts.push(reading.push(new Uint8Array()));
  } catch (thrown) {
    if (!isTrap(thrown)) reading.free();
    throw thrown;
  }
  const verified = reading.finish();
  const bytes = joined(parts);
  return { bytes, size, complete: bytes.byteLength === size, verified };
}

function joined(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

/** Bytes that listing a layer takes at the most: of one with a table of contents, the parts where that may be. */
async function cost(layer: LayerInput): Promise<number> {
  const { digest, size, annotations } = layer;
  const table = announcesTable(layer) ? (await extra()).Toc.of(digest, size, annotations) : undefined;
  const length = table ? table.end() - table.start() : size;
  table?.free();
  return length;
}

function notFound(): PortolanError {
  return new PortolanError({ kind: 'NotFound', message: 'there is no such file in this view', retryable: false, stage: 'layer' });
}
