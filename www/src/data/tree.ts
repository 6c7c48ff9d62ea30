import type { FileFilter, FileRow, FileRows, FileSort, ImageFiles } from 'portolan/layers';
import { folder, lineAt, lineCount, lineOf, PAGE, parentLine, rowAt, type Folder, type TreeLine } from '../analysis/tree-rows';
import { pathSteps } from '../analysis/file-facts';

/** What the tree shows of the files. */
export interface TreeView {
  files: ImageFiles;
  filter: FileFilter;
  sort: FileSort;
  /** Not empty: what was found, as a list and not as a tree. */
  words: string;
  /** Also as a list, without words: where a filter leaves so little that directories only stand in the way. */
  flat: boolean;
  revision: number;
}

/** Pages of a directory that are looked through for a path that the address names. */
const LOOKED_THROUGH = 40;
/** Every line is placed before it is drawn, which takes time; further ones are reached by searching. */
export const MOST_LINES = 200_000;

/** The lines of a tree of any size, read page by page as they come into view. */
export class Tree {
  root: Folder = folder(0, 0, 0);
  /** Whether what is shown is a list of paths, not a tree. */
  isList = false;
  view: TreeView | undefined;
  private readonly changed: () => void;
  private readonly reading = new Map<string, AbortController>();
  /** Directories that are open, whichever order they are in. */
  private readonly open = new Set<number>();
  private key = '';
  private pending: Promise<void> | undefined;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  /** Shows another view; directories that were open stay open. What is shown stays until the new view has answered. */
  show(view: TreeView): boolean {
    const { filter, sort, words, flat, revision } = view;
    const key = JSON.stringify([filter, sort, words, flat, revision]);
    if (key === this.key && view.files === this.view?.files) return false;
    if (view.files !== this.view?.files) this.open.clear();
    this.key = key;
    this.view = view;
    this.stop();
    this.pending = this.begin(key, folder(0, 0, 0));
    return true;
  }

  /** Another view was asked for and has not answered. */
  get busy(): boolean {
    return this.pending !== undefined;
  }

  private async begin(key: string, root: Folder): Promise<void> {
    await this.fetch(root, 0);
    if (this.key !== key) return;
    this.root = root;
    this.isList = this.asks;
    this.pending = undefined;
    this.changed();
  }

  stop(): void {
    for (const abort of this.reading.values()) abort.abort();
    this.reading.clear();
  }

  /** Whether the view asks for a list. */
  private get asks(): boolean {
    return this.view !== undefined && (this.view.words !== '' || this.view.flat);
  }

  /** Lines in all, whether or not so many can be drawn. */
  get length(): number {
    return lineCount(this.root);
  }

  line(index: number): TreeLine | undefined {
    return lineAt(this.root, index);
  }

  lineOf(of: Folder, position: number): number {
    return lineOf(this.root, of, position);
  }

  parentLine(of: Folder): number {
    return parentLine(this.root, of);
  }

  /** Reads the pages that these lines need, and stops reading those that none needs. */
  want(indices: readonly number[]): void {
    if (this.pending) return;
    const wanted = new Set<string>();
    for (const index of indices) {
      const line = this.line(index);
      if (line?.kind !== 'gap') continue;
      const page = Math.floor(line.position / PAGE);
      const key = `${line.folder.id}/${page}`;
      wanted.add(key);
      if (!this.reading.has(key)) void this.fetch(line.folder, page).then((done) => done && this.changed());
    }
    for (const [key, abort] of this.reading) {
      if (wanted.has(key)) continue;
      abort.abort();
      this.reading.delete(key);
    }
  }

  toggle(of: Folder, position: number, row: FileRow, wanted = !of.open.has(position)): void {
    if (row.type !== 'directory' || this.isList || wanted === of.open.has(position)) return;
    if (wanted) {
      this.open.add(row.id);
      this.expand(of, position, row);
    } else {
      this.open.delete(row.id);
      of.open.delete(position);
    }
    this.changed();
  }

  /** Opens the directories on the way to a path, and the path itself if it is one; the line of the path itself, or -1 where it is not in this view. */
  async reveal(path: string, signal: AbortSignal): Promise<number> {
    await this.pending;
    if (this.isList) return -1;
    let of = this.root;
    let line = -1;
    for (const step of pathSteps(path)) {
      const position = await this.find(of, step, signal);
      if (position < 0 || signal.aborted) return -1;
      line = this.lineOf(of, position);
      const row = rowAt(of, position);
      if (row) this.toggle(of, position, row, true);
      if (step === path) break;
      const inner = of.open.get(position);
      if (!inner) return -1;
      of = inner;
    }
    return line;
  }

  retry(of: Folder): void {
    of.error = undefined;
    this.changed();
  }

  private async find(of: Folder, path: string, signal: AbortSignal): Promise<number> {
    for (let page = 0; page < LOOKED_THROUGH; page += 1) {
      if (!of.pages.has(page)) await this.fetch(of, page, signal);
      if (signal.aborted) return -1;
      const at = of.pages.get(page)?.findIndex((row) => row.path === path) ?? -1;
      if (at >= 0) return page * PAGE + at;
      if ((page + 1) * PAGE >= (of.total ?? 0)) return -1;
    }
    return -1;
  }

  private expand(of: Folder, position: number, row: FileRow): void {
    of.open.set(position, folder(row.id, of.depth + 1, row.size));
  }

  /** `until`: who reads it stops it; else it stops when no line needs it. */
  private async fetch(of: Folder, page: number, until?: AbortSignal): Promise<boolean> {
    const { view } = this;
    if (!view) return false;
    const abort = new AbortController();
    const signal = until ?? abort.signal;
    const key = `${of.id}/${page}`;
    if (!until) this.reading.set(key, abort);
    try {
      const { rows, total } = await this.ask(view, of, page, signal);
      if (signal.aborted) return false;
      of.error = undefined;
      of.total = total;
      of.pages.set(page, rows);
      this.reopen(of, page, rows);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      of.error = error;
      return true;
    } finally {
      if (this.reading.get(key) === abort) this.reading.delete(key);
    }
  }

  private async ask({ files, filter, sort, words }: TreeView, of: Folder, page: number, signal: AbortSignal): Promise<FileRows> {
    const options = { ...filter, sort, offset: page * PAGE, limit: PAGE, signal };
    if (this.asks) {
      of.size ||= files.size;
      return files.search(words, words && sort === 'name' ? { ...options, sort: undefined } : options);
    }
    if (of.id === 0 && of.size === 0) of.size = (await files.stat(0, { ...filter, signal }))?.size ?? 0;
    return files.list(of.id, options);
  }

  private reopen(of: Folder, page: number, rows: readonly FileRow[]): void {
    if (this.asks) return;
    rows.forEach((row, at) => {
      const position = page * PAGE + at;
      if (row.type === 'directory' && this.open.has(row.id) && !of.open.has(position)) this.expand(of, position, row);
    });
  }
}
