import type { FileFilter, FileRow, FileSort, ImageFiles } from 'portolan/layers';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { modeText, octalMode, ownerText } from '../analysis/file-facts';
import { exactBytes, formatBytes, formatShare } from '../analysis/format';
import type { LayerName } from '../analysis/layer-names';
import { isListed } from '../analysis/layer-state';
import type { TreeLine } from '../analysis/tree-rows';
import { cap, visible } from '../analysis/text';
import { toFailure } from '../analysis/trouble';
import { MOST_LINES, Tree } from '../data/tree';
import { changeMark, changeStyles } from '../ui/changes';
import { icon } from '../ui/icons';
import { Keys } from '../ui/keys';
import { layerMark, layerMarkStyles } from '../ui/layer-mark';
import { pathText, pathTextStyles } from '../ui/path-text';
import { Rows } from '../ui/rows';
import { rowsStyles } from '../ui/rows-styles';
import { safe } from '../ui/safe';
import { shared } from '../ui/shared';
import { vars } from '../ui/vars';
import { fileTreeStyles } from './file-tree-styles';

/**
 * The files of an image as a tree, or what a search found as a list: of any size, read page by page as it comes into view.
 * Fires `portolan-open` with the row that was opened, `portolan-sort` with the order asked for, and `portolan-count` when the number of lines changed.
 */
@customElement('portolan-file-tree')
export class FileTree extends LitElement {
  static override styles = [shared, rowsStyles, changeStyles, layerMarkStyles, pathTextStyles, fileTreeStyles];

  @property({ attribute: false }) files!: ImageFiles;
  /** Names of the layers, for their column. */
  @property({ attribute: false }) layers: readonly LayerName[] = [];
  @property({ attribute: false }) filter: FileFilter = {};
  @property() sort: FileSort = 'name';
  @property() words = '';
  /** A list also where nothing is searched for. */
  @property({ type: Boolean }) flat = false;
  /** Changes when the files are more than they were. */
  @property({ type: Number }) revision = 0;
  /** The chosen path. */
  @property() selected = '';
  private readonly tree = new Tree(() => this.requestUpdate());
  private readonly rows = new Rows(this, { height: { wide: 28, narrow: 48 }, narrow: 640, open: (index) => this.enter(index) });
  private reveals: AbortController | undefined;
  private revealed = '';
  private counted = -1;

  constructor() {
    super();
    new Keys(this, { ...this.rows.keys(), ArrowLeft: () => this.fold(), ArrowRight: () => this.unfold() });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.tree.stop();
    this.reveals?.abort();
  }

  protected override willUpdate(): void {
    const { files, filter, sort, words, flat, revision } = this;
    if (this.tree.show({ files, filter, sort, words, flat, revision })) this.revealed = '';
    if (this.selected !== this.revealed) void this.reveal();
  }

  protected override updated(): void {
    this.tree.want(this.rows.visible);
    if (this.tree.busy || this.tree.length === this.counted) return;
    this.counted = this.tree.length;
    this.dispatchEvent(new CustomEvent('portolan-count', { detail: { lines: this.counted, list: this.tree.isList, known: this.tree.root.total !== undefined } }));
  }

  protected override render(): unknown {
    const { tree } = this;
    const count = Math.min(tree.length, MOST_LINES);
    if (tree.root.total === 0) return html`<p class="empty">${this.nothing()}</p>`;
    return html`<div role="treegrid" aria-label=${tree.isList ? 'Paths that were found' : 'Files'} aria-rowcount=${count + 1} aria-busy=${tree.busy} aria-readonly="true">
      ${this.head()}
      ${this.rows.render(count, (index) => this.keyOf(index), (index) => this.lineRow(index))}</div>`;
  }

  private nothing(): unknown {
    const state = this.filter.layer === undefined ? undefined : this.files.layers[this.filter.layer];
    if (state && !isListed(state)) return 'The files of this layer were not read.';
    if (this.words) return html`No path contains ${safe(this.words, 100)}${this.flat || this.filter.layer !== undefined ? ' and fits the filters' : ''}.`;
    if (this.filter.changes || this.filter.minSize) return 'No path fits the filters.';
    return this.filter.layer === undefined ? 'There are no files in it.' : 'This layer adds, changes and deletes nothing: it is empty.';
  }

  private head(): TemplateResult {
    const header = (name: string, label: string, keys: readonly [FileSort, FileSort], kind = ''): TemplateResult => {
      const order = this.sort === keys[0] ? 'ascending' : this.sort === keys[1] ? 'descending' : 'none';
      const arrow = order === 'none' ? '' : order === 'ascending' ? '↑' : '↓';
      return html`<span role="columnheader" class=${kind} aria-sort=${order}><button class="plain" type="button" @click=${() => this.order(keys)} title=${`Order by ${name}`}>
        ${label} <span aria-hidden="true">${arrow}</span></button></span>`;
    };
    return html`<div class="tr thead" role="row" aria-rowindex="1">
      ${header('name', this.tree.isList ? 'Path' : 'Name', ['name', '-name'])}${header('size', 'Size', ['size', '-size'], 'number')}
      <span role="columnheader">Share</span><span role="columnheader" class="mode">Mode</span><span role="columnheader" class="owner">Owner</span>
      <span role="columnheader" class="layer">Layer</span></div>`;
  }

  private keyOf(index: number): string {
    const line = this.tree.line(index);
    return line ? `${line.folder.id}/${line.position}` : `none/${index}`;
  }

  private lineRow(index: number): TemplateResult {
    const line = this.tree.line(index);
    const active = index === this.rows.active;
    if (line?.kind === 'row') return this.row(line, index, active);
    const depth = line?.folder.depth ?? 0;
    const failed = line?.kind === 'failed' ? toFailure(line.folder.error).message : undefined;
    return html`<div class="tr" role="row" aria-rowindex=${index + 2} aria-level=${depth + 1} tabindex=${active ? 0 : -1} ?data-active=${active} ${vars({ '--depth': `${depth}` })}>
      ${failed === undefined ? html`<span role="gridcell" class="name"><span class="skeleton gap" ${vars({ width: `${30 + ((index * 37) % 40)}%` })}></span></span>`
        : html`<span role="gridcell" class="failed">${safe(failed, 200)} <button type="button" @click=${() => line && this.tree.retry(line.folder)}>Try again</button></span>`}</div>`;
  }

  private row(line: Extract<TreeLine, { kind: 'row' }>, index: number, active: boolean): TemplateResult {
    const { row, folder, opened, position } = line;
    const directory = row.type === 'directory';
    const deleted = row.change === 'deleted' || row.deletedBy !== undefined;
    const selected = row.path === this.selected;
    const part = folder.size > 0 ? Math.min(1, row.size / folder.size) : 0;
    const opens = directory && !this.tree.isList;
    return html`<div class=${`tr ${deleted ? 'deleted' : ''}`} role="row" aria-rowindex=${index + 2} aria-level=${folder.depth + 1} aria-posinset=${position + 1}
      aria-setsize=${folder.total ?? -1} aria-expanded=${opens ? Boolean(opened) : nothing} aria-selected=${selected} tabindex=${active ? 0 : -1}
      ?data-active=${active} ?data-selected=${selected} ${vars({ '--depth': `${folder.depth}` })} @focus=${() => this.focused(index)} @click=${() => this.clicked(index)}>
      <span role="gridcell" class=${`name ${directory ? 'folder' : ''}`} title=${visible(cap(row.path, 1000))}>
        <span class="twist" ?data-open=${opened} @click=${(event: Event) => this.twisted(event, index)}>${opens ? icon('chevron') : nothing}</span>
        ${icon(directory ? 'folder' : row.type === 'symlink' || row.type === 'hardlink' ? 'link' : 'file')}${changeMark(deleted ? 'deleted' : row.change === 'unchanged' && directory ? undefined : row.change)}
        <span class="text">${this.nameOf(row)}</span></span>
      <span role="gridcell" class=${`size number ${row.size === 0 ? 'none' : ''}`} title=${exactBytes(row.size)}>${SIZED.has(row.type) ? formatBytes(row.size) : '–'}</span>
      <span role="gridcell" class=${`share ${row.size === 0 ? 'none' : ''}`} title=${`${formatShare(row.size, folder.size)} of what is beside it`}><i ${vars({ '--part': `${(part * 100).toFixed(1)}%` })}></i>
        <span class="visually-hidden">${formatShare(row.size, folder.size)}</span></span>
      <span role="gridcell" class="mode" title=${octalMode(row.mode)}>${modeText(row.type, row.mode)}</span>
      <span role="gridcell" class="owner clip" title=${`user ${row.uid}, group ${row.gid}`}>${ownerText(row)}</span>
      <span role="gridcell" class="layer">${layerMark(this.layers[row.layer], row.layer)}</span></div>`;
  }

  private nameOf(row: FileRow): TemplateResult {
    if (this.tree.isList) return pathText(row.path);
    return html`${safe(row.name, 200)}${row.link === undefined ? nothing : html`<span class="target"> → ${safe(row.link, 160)}</span>`}`;
  }

  private order([up, down]: readonly [FileSort, FileSort]): void {
    // The largest first is what one wants of sizes, the first letter of names.
    const first = up === 'name' ? up : down;
    const detail = this.sort === first ? (first === up ? down : up) : first;
    this.dispatchEvent(new CustomEvent('portolan-sort', { detail }));
  }

  private clicked(index: number): void {
    this.rows.active = index;
    this.enter(index);
  }

  private twisted(event: Event, index: number): void {
    const line = this.tree.line(index);
    if (line?.kind !== 'row' || line.row.type !== 'directory' || this.tree.isList) return;
    event.stopPropagation();
    this.tree.toggle(line.folder, line.position, line.row);
  }

  /** Enter, or a click: a directory opens or closes and is what the map shows; a file is looked at. */
  private enter(index: number): void {
    const line = this.tree.line(index);
    if (line?.kind !== 'row') return;
    const { row, folder, position } = line;
    if (row.type === 'directory') this.tree.toggle(folder, position, row, row.path === this.selected ? undefined : true);
    this.revealed = row.path;
    this.dispatchEvent(new CustomEvent('portolan-open', { detail: row }));
  }

  private unfold(): boolean {
    const line = this.tree.line(this.rows.active);
    if (!this.rows.hasFocus() || line?.kind !== 'row' || line.row.type !== 'directory' || this.tree.isList) return false;
    if (line.opened) return this.rows.move(this.rows.active + 1);
    this.tree.toggle(line.folder, line.position, line.row, true);
    return true;
  }

  private fold(): boolean {
    const line = this.tree.line(this.rows.active);
    if (!this.rows.hasFocus() || !line || this.tree.isList) return false;
    if (line.kind === 'row' && line.opened) {
      this.tree.toggle(line.folder, line.position, line.row, false);
      return true;
    }
    const parent = this.tree.parentLine(line.folder);
    return parent >= 0 && this.rows.move(parent);
  }

  private focused(index: number): void {
    if (this.rows.active === index) return;
    this.rows.active = index;
    this.requestUpdate();
  }

  /** The path of the address, or of the map, is opened up to and scrolled to. */
  private async reveal(): Promise<void> {
    const path = this.selected;
    this.revealed = path;
    this.reveals?.abort();
    if (path === '') return;
    const abort = new AbortController();
    this.reveals = abort;
    const line = await this.tree.reveal(path, abort.signal);
    if (line < 0 || abort.signal.aborted || line >= MOST_LINES) return;
    this.rows.show(line);
  }
}

/** What has bytes of its own, or below it. */
const SIZED = new Set<FileRow['type']>(['file', 'directory', 'hardlink']);

declare global {
  interface HTMLElementTagNameMap { 'portolan-file-tree': FileTree }
}
