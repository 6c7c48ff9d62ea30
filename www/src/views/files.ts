import type { Change, FileFilter, FileRow, FileSort, ImageFiles } from 'portolan/layers';
import { html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { parentPath } from '../analysis/file-facts';
import { ALL_FILES, type FilesQuery } from '../analysis/files-query';
import { formatBytes, formatCount, plural } from '../analysis/format';
import type { LayerName } from '../analysis/layer-names';
import { isListed } from '../analysis/layer-state';
import { Load } from '../data/load';
import { MOST_LINES } from '../data/tree';
import { Keys } from '../ui/keys';
import { Room } from '../ui/room';
import { safe } from '../ui/safe';
import { headStyles, shared } from '../ui/shared';
import type { FilesBar } from './files-bar';
import { filesStyles } from './files-styles';
import './file';
import './file-tree';
import './files-bar';
import './treemap';

interface Opened { path: string; id: number; type: string }

/**
 * The files of an image: tree and map of the same directory, filters, search, and the path that was chosen.
 *
 * - `files`: the `ImageFiles` of `portolan/layers`. `revision`: change it when they have become more.
 * - `layers`: names of the layers, bottom first, from `layerNames(image)`.
 * - `query`: what is shown; `layer`: one layer by its place, or undefined for all. Both are the owner's:
 *   the element fires `portolan-files` with a part of a query, and `portolan-layer` with a place or undefined, and waits.
 */
@customElement('portolan-files')
export class Files extends LitElement {
  static override styles = [shared, headStyles, filesStyles];

  @property({ attribute: false }) files!: ImageFiles;
  @property({ attribute: false }) layers: readonly LayerName[] = [];
  @property({ attribute: false }) query: FilesQuery = ALL_FILES;
  @property({ attribute: false }) layer: number | undefined;
  @property({ type: Number }) revision = 0;
  @state() private count: { lines: number; list: boolean; known: boolean } | undefined;
  @query('portolan-files-bar') private bar!: FilesBar;
  /** The row of the chosen path. */
  private readonly load = new Load<FileRow | undefined>(this);
  /** What was opened last, by number: a name that is no UTF-8 leads nowhere as text. */
  private opened: Opened | undefined;
  /** What the map shows: it stays until it is known what was chosen. */
  private directory: string | number = '';
  private filter: FileFilter = {};
  private filterOf = '';

  constructor() {
    super();
    const step = (by: number) => (): boolean => this.step(by);
    new Room(this, 'aside');
    new Keys(this, { '/': () => this.bar.focusField(), '[': step(-1), ']': step(1) });
  }

  protected override willUpdate(): void {
    const { files, query: { path, changes, min }, layer, revision } = this;
    const key = JSON.stringify([changes, min, layer]);
    if (key !== this.filterOf) [this.filterOf, this.filter] = [key, filterOf(layer, changes, min)];
    const id = this.opened?.path === path ? this.opened.id : -1;
    // With `deleted`, so that a link to a path that is gone still leads to it.
    const view: FileFilter = layer === undefined ? { deleted: true } : { layer };
    this.load.run(JSON.stringify([path, id, layer, revision]), async (signal) => (path === '' ? undefined
      : await files.stat(id >= 0 ? id : path, { ...view, signal }) ?? files.stat(id >= 0 ? id : path, { deleted: true, signal })));
  }

  protected override render(): unknown {
    const { files, layers, query: shown, layer, revision } = this;
    const flat = shown.min > 0 && shown.q === '';
    const { current } = this.load;
    const row = current.state === 'ready' && shown.path !== '' ? current.value : undefined;
    if (row || shown.path === '') this.directory = directoryOf(shown.path, row);
    return html`
      <portolan-files-bar .query=${shown} .layer=${layer} .layers=${layers} .states=${files.layers} @portolan-files=${this.relay} @portolan-layer=${this.relay}></portolan-files-bar>
      <p class="status" role="status">${this.sentence()}</p>
      ${current.state === 'ready' && shown.path !== '' && !row ? html`<p class="note">There is no ${safe(`/${shown.path}`, 200)} in ${layer === undefined ? 'this image' : 'this layer'}.
        <button type="button" @click=${() => this.send({ path: '' })}>Show the root</button></p>` : nothing}
      <div class="split" ?data-chosen=${row !== undefined}>
        <portolan-file-tree .files=${files} .layers=${layers} .filter=${this.filter} .sort=${flat && shown.sort === 'name' ? '-size' : shown.sort} .words=${shown.q} ?flat=${flat}
          .revision=${revision} .selected=${shown.path} @portolan-open=${this.open} @portolan-sort=${(event: CustomEvent<FileSort>) => this.send({ sort: event.detail })}
          @portolan-count=${(event: CustomEvent<{ lines: number; list: boolean; known: boolean }>) => { this.count = event.detail; }}></portolan-file-tree>
        <aside data-chosen=${row ? (row.type === 'directory' ? 'directory' : 'file') : nothing}>
          <portolan-treemap .files=${files} .layers=${layers} .filter=${this.mapFilter()} .directory=${this.directory} .selected=${shown.path} .revision=${revision}
            @portolan-open=${this.open}></portolan-treemap>
          ${row ? html`<div class="chosen" tabindex="-1" @keydown=${this.key}><portolan-file .files=${files} .row=${row} .layers=${layers} .layer=${layer} .revision=${revision} @portolan-close=${this.close}
            @portolan-path=${(event: CustomEvent<string>) => this.send({ path: event.detail, q: '' })} @portolan-layer=${this.relay}></portolan-file></div>` : nothing}
        </aside>
      </div>`;
  }

  /** How much of what is shown. */
  private sentence(): unknown {
    const { files, layer, count, query: { q, min } } = this;
    const many = count && count.lines > MOST_LINES ? ` The first ${formatCount(MOST_LINES)} lines are drawn; searching leads to the rest.` : '';
    if (count?.list) {
      if (!count.known) return 'Searching …';
      return `${plural(count.lines, q ? 'path' : 'file')}${min > 0 ? ` of at least ${formatBytes(min)}` : ''} found.${many}`;
    }
    if (layer === undefined) return `${plural(files.files, 'file')} in ${plural(files.directories, 'directory', 'directories')}, ${formatBytes(files.size)} unpacked.${many}`;
    const state = files.layers[layer];
    if (!isListed(state)) return 'The files of this layer were not read.';
    return `Layer ${layer + 1} of ${files.layers.length}: ${plural(state.entries, 'entry', 'entries')}, ${formatBytes(state.content)} of content.${many}`;
  }

  private mapFilter(): FileFilter {
    const { layer } = this;
    return layer === undefined ? WHOLE : this.filter;
  }

  private readonly open = (event: CustomEvent<Opened>): void => {
    const { path, id, type } = event.detail;
    this.opened = { path, id, type };
    // What was found is left for its place in the tree only by a directory.
    this.send(type === 'directory' ? { path, q: '' } : { path });
  };

  private close(): void {
    const { path } = this.query;
    const { current } = this.load;
    const directory = current.state === 'ready' && current.value?.type === 'directory';
    this.send({ path: directory ? '' : parentPath(path) });
  }

  /** Escape closes what was opened; keys that scroll it do not move through the tree. */
  private key(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.preventDefault();
      this.close();
    } else if (SCROLLS.has(event.key)) {
      event.stopPropagation();
    }
  }

  /** The next layer, or after the last one all of them again. */
  private step(by: number): boolean {
    const { layer, files: { layers } } = this;
    if (layers.length === 0) return false;
    const next = layer === undefined ? (by > 0 ? 0 : layers.length - 1) : layer + by;
    this.dispatchEvent(new CustomEvent('portolan-layer', { detail: next >= 0 && next < layers.length ? next : undefined }));
    return true;
  }

  private send(detail: Partial<FilesQuery>): void {
    this.dispatchEvent(new CustomEvent('portolan-files', { detail }));
  }

  /** Events of the parts are this element's own. */
  private readonly relay = (event: CustomEvent): void => {
    this.dispatchEvent(new CustomEvent(event.type, { detail: event.detail }));
  };
}

const WHOLE: FileFilter = {};
const SCROLLS = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End']);

function filterOf(layer: number | undefined, changes: readonly Change[], min: number): FileFilter {
  const size = min > 0 ? { minSize: min } : {};
  if (layer === undefined) return { ...size, ...(changes.includes('deleted') ? { deleted: true } : {}) };
  return { ...size, layer, ...(changes.length > 0 ? { changes } : {}) };
}

/** What the map shows: the chosen directory, or the one that the chosen file is in. */
function directoryOf(path: string, row: FileRow | undefined): string | number {
  if (row?.type !== 'directory') return parentPath(path);
  // What is no UTF-8 was replaced in the path: only the number leads there.
  return path.includes('\uFFFD') ? row.id : path;
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-files': Files }
}
