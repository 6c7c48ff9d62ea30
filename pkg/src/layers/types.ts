import type { PortolanError } from '../error.js';
import type { Registry } from '../registry.js';
import type { CallOptions, Image, Untrusted } from '../types.js';

export type FileType = 'file' | 'directory' | 'symlink' | 'hardlink' | 'char-device' | 'block-device' | 'fifo';

/** What a layer did to a path, against the layers below it. `unchanged`: named again, and as it was. */
export type Change = 'added' | 'changed' | 'deleted' | 'unchanged';

/** A path of an image or of one layer. Numbers are exact: no layer that is accepted is larger than 2^53 bytes. */
export interface FileRow {
  /** Number of the path, the same in every answer of one `ImageFiles`. 0 is the root. */
  id: number;
  /** Last component. What is no UTF-8 is replaced; control characters are as they are. */
  name: Untrusted;
  /** Below the root, without a slash at either end. */
  path: Untrusted;
  type: FileType;
  /** Bytes; of a directory, of all files below it, each counted once however many names it has. */
  size: number;
  /** Of a directory: files below it, all kinds but directories. 0 for all others. */
  files: number;
  /** Permissions, 07777. */
  mode: number;
  uid: number;
  gid: number;
  /** Seconds since 1970. */
  modified: number;
  /** Target of a symbolic or hard link, as written. */
  link?: Untrusted;
  /** Place of the layer that has the last word on it, 0 = bottom. For deleted paths: the layer that had it last. */
  layer: number;
  /** Set where changes were asked for. */
  change?: Change;
  /** For deleted paths: place of the layer that took it away. */
  deletedBy?: number;
  /** A directory that no layer names, made for what is in it. */
  implied: boolean;
  /** What is odd about it: `absolute`, `escapes`, `link-escapes`, `size-conflict`, `sparse`, `unknown-type`, `id-clamped`, `repeated`, `nul`, `cut`, `no-target`. */
  flags: string[];
}

/** A page of rows, and how many there are in all. */
export interface FileRows { rows: FileRow[]; total: number }

export type LayerState =
  /** Not begun. */
  | 'waiting'
  /** Being downloaded and listed. */
  | 'reading'
  /** Listed to its end. */
  | 'ready'
  /** Listed up to `error`; what there is may be shown as such. */
  | 'partial'
  /** Not listed: `error` says why. */
  | 'failed';

/** What is known of one layer. Bottom first, as in `Image.layers` (which also has steps without a layer: these are not here). */
export interface LayerFiles {
  digest: string;
  /** Compressed size in bytes. */
  size: number;
  state: LayerState;
  error?: PortolanError;
  /** What the listing was made from: all bytes, verified; a table of contents, verified, whose contents nobody looked at. */
  source?: 'layer' | 'estargz' | 'zstd:chunked';
  /** The listing came from the cache, and nothing was downloaded. */
  cached: boolean;
  /** Bytes downloaded for the listing so far. */
  downloaded: number;
  /** How it is compressed, by its first bytes. */
  compression?: 'gzip' | 'zstd' | 'uncompressed';
  /** Bytes uncompressed. */
  unpacked?: number;
  /** Whether the uncompressed bytes hash to the config's `diff_id`. */
  diffId: 'match' | 'mismatch' | 'unchecked';
  /** Entries in the layer, whiteouts among them. */
  entries: number;
  /** Bytes of the files in it. */
  content: number;
  added: number;
  changed: number;
  deleted: number;
  /** Bytes in it that the merged view does not have. */
  wasted: number;
  /** What is odd about the layer, in sentences. */
  notes: string[];
}

export interface FilesProgress {
  /** Bytes of all layers downloaded so far, and to download at the most. What is cached counts in neither. */
  received: number;
  total: number;
  /** Each layer as it stands. */
  layers: readonly LayerFiles[];
}

export interface OpenOptions extends CallOptions {
  onProgress?: ((progress: FilesProgress) => void) | undefined;
  /** Where listings are kept between visits. Default: IndexedDB where there is one; `false`: nowhere. */
  cache?: boolean | undefined;
  /** Who is asking, so that nobody sees from the cache what only somebody else may read. Default: the registry's address and user name. */
  identity?: string | undefined;
  /** Hash uncompressed layers too, and compare with the config's `diff_ids`. Default: true. */
  verifyDiffIds?: boolean | undefined;
  /** Most bytes kept in the cache. Default: 256 MiB. */
  cacheLimit?: number | undefined;
}

/** What opening an image would cost, told from the cache and the manifest alone: the registry is not asked. */
export interface FilesPlan {
  /** Bottom first. */
  layers: { digest: string; size: number; cached: boolean }[];
  /** Bytes to download at the most: of a layer with a table of contents only that is read. */
  download: number;
}

/** Opens the files of an image. Rejects with a `PortolanError`; a layer that fails only says so in `layers`. */
export type OpenFiles = (registry: Registry, repository: string, image: Image, options?: OpenOptions) => Promise<ImageFiles>;

/** Tells what `openFiles` with the same options would download, so that a person can decide. */
export type PlanFiles = (registry: Registry, repository: string, image: Image, options?: OpenOptions) => Promise<FilesPlan>;

export type FileSort = 'name' | '-name' | 'size' | '-size' | 'modified' | '-modified';

/**
 * Which paths. All conditions must hold. In `list` and `treemap`, directories stay where something below them fits, so that
 * what fits can be reached.
 */
export interface FileFilter {
  /** The view: undefined is the merged view of all layers; a number is one layer, with what it changes. */
  layer?: number | undefined;
  /** In a layer's view: only these changes. Default: all but `unchanged`. */
  changes?: readonly Change[] | undefined;
  /** In the merged view: paths that are gone, too. */
  deleted?: boolean | undefined;
  /** Only files of at least so many bytes. */
  minSize?: number | undefined;
  types?: readonly FileType[] | undefined;
}

export interface ListOptions extends FileFilter, CallOptions {
  sort?: FileSort | undefined;
  /** Directories before files. Default: true. */
  directoriesFirst?: boolean | undefined;
  offset?: number | undefined;
  /** Default: 1,000. */
  limit?: number | undefined;
}

export interface SearchOptions extends FileFilter, CallOptions {
  sort?: FileSort | undefined;
  offset?: number | undefined;
  limit?: number | undefined;
  /** Directory to look below. Default: the root. */
  below?: number | undefined;
}

/** A directory as boxes. */
export interface TreemapNode {
  id: number;
  name: Untrusted;
  size: number;
  type: FileType;
  layer: number;
  change?: Change;
  /** Largest first; what is too small for a box of its own is summed up in `rest`. */
  children: TreemapNode[];
  /** Bytes and number of entries that have no box of their own. */
  rest: { size: number; count: number };
}

export interface TreemapOptions extends FileFilter, CallOptions {
  /** Levels below the directory. Default: 3. */
  depth?: number | undefined;
  /** Boxes at the most. Default: 500. */
  boxes?: number | undefined;
}

/** One thing that happened to a path. */
export interface PathEvent {
  layer: number;
  change: Change;
  type?: FileType;
  size: number;
  mode?: number;
  /** For a deletion: the whiteout was for a whole directory above. */
  opaque?: boolean;
}

export interface WastePath {
  id: number;
  path: Untrusted;
  /** Bytes that a squashed image would not have. */
  bytes: number;
  /** Copies of it that no longer show. */
  copies: number;
  /** Layers that wrote these copies. */
  writers: number[];
  /** Layer that removed it or wrote over it last. */
  remover: number;
  /** False: it is gone from the merged view; true: a later version shows. */
  present: boolean;
}

/** A file that a lower layer still has, though the image no longer shows it, with a name that such things have. */
export interface BuriedSecret { id: number; path: Untrusted; layer: number; removedBy: number; size: number; /** What the name says it may be. */ what: string }

export interface Waste {
  /** Bytes of file content in all layers. */
  total: number;
  /** Bytes that the merged view has. */
  kept: number;
  /** `total - kept`: what squashing would save, each byte counted once. */
  reclaimable: number;
  /** `kept / total`, 1 for an image without content. */
  score: number;
  /** Largest first, up to the limit asked for. */
  paths: WastePath[];
  /** Number of paths with waste. */
  count: number;
  secrets: BuriedSecret[];
}

export type DifferenceKind = 'added' | 'removed' | 'changed';

/** What is different about a path that both have. */
export type Aspect = 'type' | 'content' | 'size' | 'mode' | 'owner' | 'link' | 'device' | 'xattrs';

export interface Difference {
  path: Untrusted;
  kind: DifferenceKind;
  /** For `changed`. */
  aspects: Aspect[];
  left?: FileRow;
  right?: FileRow;
  /** Bytes more on the right. */
  delta: number;
}

export interface Comparison {
  /** Layers of both, by digest: places on either side. */
  shared: { digest: string; size: number; left: number; right: number }[];
  /** Places of layers that only one side has. */
  onlyLeft: number[];
  onlyRight: number[];
  /** Bytes of the merged views. */
  leftSize: number;
  rightSize: number;
  added: number;
  removed: number;
  changed: number;
  addedBytes: number;
  removedBytes: number;
  /** Growth of changed files, in bytes. */
  changedBytes: number;
  /**
   * Files that differ in nothing that is known, and whose contents could not be compared: a table of contents brought one of them,
   * and the other was only looked at. They are not among the differences.
   */
  unknown: number;
  /** A page of the differences, in the order asked for. */
  differences: Difference[];
  /** How many fit the filter. */
  total: number;
}

export interface CompareOptions extends CallOptions {
  kinds?: readonly DifferenceKind[] | undefined;
  /** Only paths with this in them. */
  search?: string | undefined;
  /** Default: `path`; `-delta`: largest change first. */
  sort?: 'path' | '-delta' | undefined;
  offset?: number | undefined;
  limit?: number | undefined;
}

export interface ReadOptions extends CallOptions {
  /** Bytes at the most. Default: 1 MiB. */
  limit?: number | undefined;
  /** The file as this layer has it. Default: as the merged view has it. */
  layer?: number | undefined;
  onProgress?: ((progress: { received: number; total: number }) => void) | undefined;
}

/** The content of a file, or its beginning. */
export interface FileContent {
  bytes: Uint8Array<ArrayBuffer>;
  /** Bytes of the whole file. */
  size: number;
  /** False where the limit cut it. */
  complete: boolean;
  /** True if the bytes were compared with what the verified layer held; false where only part was read, or nobody had looked at the content before. */
  verified: boolean;
  /** What the first bytes look like. */
  kind: 'text' | 'image' | 'binary';
  /** For images: its media type, one that browsers draw and that cannot run anything. */
  mediaType?: string;
  /** Bytes downloaded for it. */
  downloaded: number;
}

/** What a path is called by: its number, or its text. */
export type PathOrId = number | string;

/**
 * The files of an image, held in a worker. Every call is answered there, so that the caller's thread stays free.
 * Rejects with a `PortolanError`; kinds of its own: `CorruptLayer`.
 */
export interface ImageFiles {
  /** Bottom first. */
  readonly layers: readonly LayerFiles[];
  /** Totals of the merged view. */
  readonly files: number;
  readonly directories: number;
  readonly size: number;
  /** True if some layer is partial or failed, so that the merged view is not whole. */
  readonly partial: boolean;
  /** The row of one path; undefined where there is none. */
  stat(path: PathOrId, filter?: FileFilter & CallOptions): Promise<FileRow | undefined>;
  /** What a directory holds. */
  list(directory: PathOrId, options?: ListOptions): Promise<FileRows>;
  /** Paths with all of these words in them, whatever their case. No words: all paths. */
  search(words: string, options?: SearchOptions): Promise<FileRows>;
  /** A directory to scale. */
  treemap(directory: PathOrId, options?: TreemapOptions): Promise<TreemapNode>;
  /** What every layer did to a path, bottom first. */
  history(path: PathOrId, options?: CallOptions): Promise<PathEvent[]>;
  /** What squashing would save. */
  waste(options?: CallOptions & { limit?: number | undefined }): Promise<Waste>;
  /** What is different in `other`, seen from here. */
  compare(other: ImageFiles, options?: CompareOptions): Promise<Comparison>;
  /** Content of a file, read by a range of its layer where that is possible. */
  read(path: PathOrId, options?: ReadOptions): Promise<FileContent>;
  /** Gives back the memory. */
  close(): void;
}
