import * as module from '../../wasm/portolan_layers.js';
import type { Toc } from '../../wasm/portolan_layers_extra.js';
import { type ErrorRecord, PortolanError, toRecord } from '../error.js';
import { Reader } from './columns.js';
import { extra } from './extra.js';
import { asLayerError } from './failure.js';
import type { Hashing } from './hashing.js';
import type { Job } from './job.js';
import type { Keep } from './keep.js';
import type { Columns, LayerInput, LayerReport, Totals } from './protocol.js';
import { Sha512Tap, type Tapped } from './tap.js';
import { Unzstd } from './unzstd.js';

/** Bytes that are decompressed at once: however well they are compressed, this is soon done. */
const SLICE = 32 * 1024;

interface Place {
  layer: LayerInput;
  report: LayerReport;
  /** The index, until the layer is laid over those below it. */
  index: module.Index | undefined;
}

/** An image in the worker: its layers as they come, and its files. */
export class OpenImage {
  readonly files = new module.Files();
  readonly #places: Place[];
  readonly #keep: Keep;
  readonly #verify: boolean;
  #merged = 0;

  constructor(layers: LayerInput[], keep: Keep, verify: boolean) {
    this.#places = layers.map((layer) => ({ layer, report: waiting(), index: undefined }));
    this.#keep = keep;
    this.#verify = verify;
  }

  get reports(): LayerReport[] {
    return this.#places.map(({ report }) => report);
  }

  /** Looks up which layers are known. */
  async look(job: Job): Promise<void> {
    for (const place of this.#places) {
      if (place.index) continue;
      const index = await this.#keep.find(place.layer);
      if (job.cancelled) index?.free();
      job.check();
      if (index) this.#settle(place.layer, index, { cached: true });
    }
    this.#merge();
  }

  /** Lists a layer; with it all places that have the same one. */
  async index(at: number, job: Job, hashing: Hashing | undefined): Promise<LayerReport> {
    const place = this.#place(at);
    if (place.report.state !== 'waiting') return place.report;
    place.report = { ...place.report, state: 'reading' };
    try {
      const { index, error } = await this.#read(place.layer, job, hashing);
      if (job.cancelled) index.free();
      job.check();
      if (!error) this.#keep.put(place.layer, index);
      this.#settle(place.layer, index, error ? { state: 'partial', error } : {});
    } catch (thrown) {
      const error = toRecord(asLayerError(thrown));
      if (error.kind === 'Aborted') throw thrown;
      for (const same of this.#same(place.layer)) same.report = { ...same.report, state: 'failed', error };
    }
    this.#merge();
    return place.report;
  }

  /** What is left unlisted is an empty layer. */
  merge(): Totals {
    this.#merge(true);
    const totals = new Reader(this.files.totals() as Columns);
    const [files, directories, size] = [totals.number(), totals.number(), totals.number()];
    const wasted = totals.list((reader) => reader.number());
    for (const [at, place] of this.#places.entries()) {
      if (place.report.state === 'failed' || place.report.state === 'waiting') continue;
      const { cached, state, error } = place.report;
      place.report = { ...place.report, ...parsed(this.files.layer(at, wasted[at] ?? 0) ?? '{}'), cached, state, ...(error && { error }) };
    }
    return { files, directories, size, layers: this.reports };
  }

  free(): void {
    for (const { index } of this.#places) index?.free();
    this.files.free();
  }

  /** The layer that has a file's content. */
  layer(at: number): LayerInput {
    return this.#place(at).layer;
  }

  async #read(layer: LayerInput, job: Job, hashing: Hashing | undefined): Promise<{ index: module.Index; error?: ErrorRecord }> {
    let note: string | undefined;
    try {
      const index = await fromTable(layer, job);
      if (index) return { index };
    } catch (thrown) {
      const error = asLayerError(thrown);
      if (!(error instanceof PortolanError) || error.kind === 'Aborted') throw thrown;
      note = `its table of contents is of no use: ${error.message}`;
    }
    const scanned = await this.#scan(layer, job, hashing);
    if (note !== undefined) scanned.index.note(note);
    return scanned;
  }

  /** All bytes of a layer, once. If they break off, what came before is an index all the same. */
  async #scan(layer: LayerInput, job: Job, hashing: Hashing | undefined): Promise<{ index: module.Index; error?: ErrorRecord }> {
    const expected = this.#verify ? layer.diffId : undefined;
    const tap = expected?.startsWith('sha512:') ? new Sha512Tap(await extra()) : expected?.startsWith('sha256:') ? hashing?.begin() : undefined;
    const scan = new module.LayerScan(layer.digest, layer.size, layer.mediaType, tap ? undefined : expected);
    let error: ErrorRecord | undefined;
    try {
      error = await feed(scan, layer, job, tap);
    } catch (thrown) {
      error = toRecord(asLayerError(thrown));
      if (error.kind === 'Aborted' || scan.entries() === 0) {
        tap?.drop();
        scan.free();
        throw thrown;
      }
    }
    const index = scan.finish();
    if (error) {
      tap?.drop();
      return { index, error };
    }
    const digest = await tap?.finish();
    if (digest !== undefined) index.hashedTo(digest);
    const { error: partial } = parsed(index.report());
    return partial ? { index, error: partial } : { index };
  }

  #settle(layer: LayerInput, index: module.Index, more: Partial<LayerReport>): void {
    for (const [at, place] of this.#same(layer).entries()) {
      place.index = at === 0 ? index : module.Index.decode(index.bytes(), layer.digest, layer.size);
      place.report = { ...place.report, ...parsed(index.report(place.layer.diffId)), ...more };
    }
  }

  #same({ digest }: LayerInput): Place[] {
    return this.#places.filter(({ layer }) => layer.digest === digest);
  }

  /** Lays over each other the layers that are there, from the bottom; with `all`, none in place of those that are not. */
  #merge(all = false): void {
    for (; this.#merged < this.#places.length; this.#merged += 1) {
      const place = this.#place(this.#merged);
      if (!place.index && place.report.state !== 'failed' && !all) return;
      try {
        if (place.index) this.files.push(place.index, place.layer.diffId);
        else this.files.pushNothing(place.layer.digest);
      } catch (thrown) {
        place.report = { ...place.report, state: 'partial', error: toRecord(asLayerError(thrown)) };
      }
      place.index = undefined;
    }
  }

  #place(at: number): Place {
    const place = this.#places[at];
    if (!place) throw new PortolanError({ kind: 'Misuse', message: 'no such layer', retryable: false });
    return place;
  }
}

/** True if it may bring a table of contents along: that is looked into elsewhere. */
export function announcesTable({ annotations }: LayerInput): boolean {
  return annotations.some((text) => text.endsWith('/stargz/toc.digest') || text.endsWith('.zstd-chunked.manifest-checksum'));
}

/** The listing that a layer brings along; nothing if it announces none. */
async function fromTable(layer: LayerInput, job: Job): Promise<module.Index | undefined> {
  if (!announcesTable(layer)) return undefined;
  let table = (await extra()).Toc.of(layer.digest, layer.size, layer.annotations);
  while (table) {
    const [offset, length] = [table.start(), table.end() - table.start()];
    const bytes = new Uint8Array(length);
    let used = 0;
    for await (const piece of job.want({ digest: layer.digest, size: layer.size, offset, length })) {
      bytes.set(piece, used);
      used += piece.byteLength;
    }
    const next: Toc | Uint8Array = table.accept(bytes.subarray(0, used));
    if (next instanceof Uint8Array) return module.Index.decode(next, layer.digest, layer.size);
    table = next;
  }
  return undefined;
}

/** Hands all bytes of a layer to the scan, or as many as change anything. Says what cannot be decompressed, if that is done elsewhere. */
async function feed(scan: module.LayerScan, layer: LayerInput, job: Job, tap: Tapped | undefined): Promise<ErrorRecord | undefined> {
  let unzstd: Unzstd | undefined;
  try {
    for await (const piece of job.want({ digest: layer.digest, size: layer.size })) {
      for (let at = 0; at < piece.byteLength; at += SLICE) {
        const slice = piece.subarray(at, at + SLICE);
        if (unzstd ? !unzstd.push(slice) : !scan.push(slice, tap)) return unzstd?.error;
        const begun = unzstd ? undefined : scan.elsewhere();
        if (begun) {
          unzstd = new Unzstd(await extra(), scan, tap);
          if (!unzstd.push(begun)) return unzstd.error;
        }
        await tap?.calm();
      }
      job.note(scan.entries());
    }
    return unzstd?.finish();
  } finally {
    unzstd?.free();
  }
}

function waiting(): LayerReport {
  return { state: 'waiting', cached: false, diffId: 'unchecked', entries: 0, content: 0, added: 0, changed: 0, deleted: 0, wasted: 0, notes: [] };
}

function parsed(record: string): Partial<LayerReport> {
  return JSON.parse(record) as Partial<LayerReport>;
}
