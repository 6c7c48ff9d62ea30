// What the page and its worker say to each other.
import type { ErrorRecord } from '../error.js';
import type { FileContent, LayerFiles } from './types.js';

/** An answer as the module writes it: all its text one after the other, and its numbers in the order of reading. */
export type Columns = [text: string, numbers: Float64Array<ArrayBuffer>];

/** Where the module of the worker comes from; nothing: from beside the worker. */
export type ModuleSource = string | BufferSource | WebAssembly.Module | undefined;

/** The module of the worker, its second half, and the one for what few layers need. */
export interface ModuleSources { wasm: ModuleSource; more: ModuleSource; extra: ModuleSource }

/** A layer as the worker has to know it. */
export interface LayerInput {
  digest: string;
  size: number;
  mediaType: string;
  diffId?: string;
  /** Name and value in turn. */
  annotations: string[];
}

/** What the worker has found out about a layer. */
export type LayerReport = Omit<LayerFiles, 'digest' | 'size' | 'error' | 'downloaded'> & { error?: ErrorRecord };

/** Whose layers, and where they are kept. */
export interface Keeping {
  /** Undefined: nobody can tell who is asking, so nothing is kept. */
  identity: string | undefined;
  /** Bytes at the most; 0: nothing is kept. */
  limit: number;
}

/** Totals of the merged view. */
export interface Totals { files: number; directories: number; size: number; layers: LayerReport[] }

/** A path by number or text, in the view of a layer (-1: merged). */
export interface Place { image: number; path: number | string }

/** `FileFilter`, as numbers. */
export interface RawFilter { layer: number; changes: number; deleted: boolean; minSize: number; types: number }

/** Which part of a listing, in which order. */
export interface RawPage { sort: number; directoriesFirst: boolean; offset: number; limit: number }

interface Call<A, V> { args: A; value: V }

/** What the worker can be asked. */
export interface Calls {
  /** Which of these layers need no download, and how much the others would take. */
  plan: Call<{ keeping: Keeping; layers: LayerInput[] }, { cached: boolean[]; download: number[] }>;
  /** Prepares an image: layers that are known are ready at once. */
  open: Call<{ image: number; keeping: Keeping; layers: LayerInput[]; verifyDiffIds: boolean }, LayerReport[]>;
  /** Lists one layer, asking for its bytes. */
  index: Call<{ image: number; layer: number }, LayerReport>;
  /** Joins the layers. */
  merge: Call<{ image: number }, Totals>;
  stat: Call<Place & { filter: RawFilter }, Columns>;
  list: Call<Place & { filter: RawFilter; page: RawPage }, Columns>;
  search: Call<Place & { words: string; filter: RawFilter; page: RawPage }, Columns>;
  treemap: Call<Place & { filter: RawFilter; depth: number; boxes: number }, Columns>;
  history: Call<Place, Columns>;
  waste: Call<{ image: number; limit: number }, Columns>;
  compare: Call<{ image: number; other: number; kinds: number; search: string; sort: number; offset: number; limit: number }, Columns>;
  /** Reads a file, asking for the bytes that takes. */
  read: Call<Place & { layer: number; limit: number }, Omit<FileContent, 'kind' | 'mediaType' | 'downloaded'>>;
  close: Call<{ image: number }, undefined>;
}

export type CallName = keyof Calls;

/** Bytes that a call needs: a layer, or a part of one. */
export interface Want { digest: string; size: number; offset?: number; length?: number }

export type ToWorker =
  | { type: 'start'; role: 'files' } & ModuleSources
  | { type: 'start'; role: 'hash'; peer: MessagePort } & ModuleSources
  /** Another worker hashes what is sent there. */
  | { type: 'hasher'; peer: MessagePort }
  | { [N in CallName]: { type: 'call'; id: number; name: N; args: Calls[N]['args'] } }[CallName]
  | { type: 'cancel'; id: number }
  /** Part of what was wanted, in the first `length` bytes of the buffer. */
  | { type: 'piece'; stream: number; buffer: ArrayBuffer; length: number }
  /** All of it has come; a whole layer was what its digest names. */
  | { type: 'end'; stream: number }
  | { type: 'broken'; stream: number; error: ErrorRecord };

export type FromWorker =
  | { type: 'started' }
  | { [N in CallName]: { type: 'done'; id: number; value: Calls[N]['value'] } }[CallName]
  | { type: 'failed'; id: number; error: ErrorRecord }
  | { type: 'progress'; id: number; entries: number }
  | { type: 'want'; id: number; stream: number; want: Want }
  /** A piece was used up; the buffer may be filled again. */
  | { type: 'credit'; stream: number; buffer: ArrayBuffer }
  /** No more of it, please. */
  | { type: 'enough'; stream: number }
  /** The worker cannot go on. */
  | { type: 'dead'; error: ErrorRecord };

/** To the worker that hashes, and back: buffers are filled again. */
export type ToHasher =
  | { type: 'bytes'; hash: number; buffer: ArrayBuffer; length: number }
  | { type: 'finish'; hash: number }
  | { type: 'drop'; hash: number };
export type FromHasher =
  | { type: 'credit'; buffer: ArrayBuffer }
  | { type: 'digest'; hash: number; digest: string }
  | { type: 'failed'; error: ErrorRecord };
