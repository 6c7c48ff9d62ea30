import type { Comparison, Difference, FileRow, ImageFiles } from 'portolan/layers';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { CHANGE_MARKS, instant, modeText, ownerText, typeWord } from '../analysis/file-facts';
import { ALL_DIFFERENCES, KINDS_OF_DIFFERENCE, type CompareQuery, type CompareSort } from '../analysis/files-query';
import { exactBytes, formatBytes, formatCount, formatDelta, plural } from '../analysis/format';
import { cap, visible } from '../analysis/text';
import { toFailure } from '../analysis/trouble';
import { Pages } from '../data/pages';
import { changeMark, changeStyles } from '../ui/changes';
import { icon } from '../ui/icons';
import { Keys } from '../ui/keys';
import { pathText, pathTextStyles } from '../ui/path-text';
import { Rows } from '../ui/rows';
import { rowsStyles } from '../ui/rows-styles';
import { safe } from '../ui/safe';
import { headStyles, shared } from '../ui/shared';
import type { SearchField } from '../ui/search-field';
import { vars } from '../ui/vars';
import { compareFilesStyles } from './compare-files-styles';
import '../ui/search-field';

/**
 * Which files two images have differently. Fires `portolan-compare` with a part of a query, and `portolan-compared` with the totals
 * when they are known.
 */
@customElement('portolan-compare-files')
export class CompareFiles extends LitElement {
  static override styles = [shared, headStyles, rowsStyles, changeStyles, pathTextStyles, compareFilesStyles];

  @property({ attribute: false }) left!: ImageFiles;
  @property({ attribute: false }) right!: ImageFiles;
  @property({ attribute: false }) query: CompareQuery = ALL_DIFFERENCES;
  @property({ attribute: false }) link: ((side: 'left' | 'right', path: string) => string) | undefined;
  @property({ type: Number }) revision = 0;
  @query('portolan-search') private search!: SearchField;
  private readonly pages = new Pages<Difference>(() => this.requestUpdate());
  private readonly rows = new Rows(this, { height: { wide: 28, narrow: 34 }, narrow: 640, open: (index) => this.choose(index) });
  private totals: Comparison | undefined;
  private chosen: Difference | undefined;

  constructor() {
    super();
    new Keys(this, { ...this.rows.keys(), '/': () => this.search.focusField() });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.pages.stop();
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    const { left, right, query: { kinds, q, sort, path }, revision } = this;
    if (changed.has('left') || changed.has('right')) [this.totals, this.chosen] = [undefined, undefined];
    this.pages.show(JSON.stringify([kinds, q, sort, revision]), async (offset, limit, signal) => {
      const answer = await left.compare(right, { kinds: kinds.length > 0 ? kinds : undefined, search: q || undefined, sort, offset, limit, signal });
      this.told(answer);
      return { items: answer.differences, total: answer.total };
    });
    if (path === '') this.chosen = undefined;
    else if (this.chosen?.path !== path) void this.find(path);
  }

  protected override updated(): void {
    this.pages.want(this.rows.visible);
  }

  protected override render(): unknown {
    const { pages, query: { q, sort } } = this;
    if (pages.error) return html`<p class="empty">${safe(toFailure(pages.error).message)} <button type="button" @click=${() => { pages.retry(); this.requestUpdate(); }}>Try again</button></p>`;
    return html`<div class="controls">
        <portolan-search label="Search the paths that differ" .value=${q} @portolan-query=${(event: CustomEvent<string>) => this.send({ q: event.detail })}></portolan-search>
        ${this.kinds()}
        <label class="pick">Order <select @change=${(event: Event) => this.send({ sort: (event.target as HTMLSelectElement).value as CompareSort })}>
          <option value="-delta" ?selected=${sort === '-delta'}>largest change first</option><option value="path" ?selected=${sort === 'path'}>path</option></select></label></div>
      <p class="status" role="status">${pages.total === undefined ? 'Comparing …' : `${plural(pages.total, 'path differs', 'paths differ')}${q || this.query.kinds.length > 0 ? ' and fit' : ''}.`}${this.unknown()}</p>
      <div class="split" ?data-chosen=${this.chosen !== undefined}>${this.list()}${this.chosen ? this.facts(this.chosen) : nothing}</div>`;
  }

  /** What is no difference, and not known to be none. */
  private unknown(): unknown {
    const count = this.totals?.unknown ?? 0;
    if (count === 0) return nothing;
    return html` <span class="soft">${plural(count, 'file of the same size', 'files of the same size')} could not be compared: on one side only a table of contents tells what is in ${count === 1 ? 'it' : 'them'}.</span>`;
  }

  private kinds(): TemplateResult {
    const { totals, query: { kinds } } = this;
    return html`<span class="segments" role="group" aria-label="Kinds of difference">${KINDS_OF_DIFFERENCE.map((kind) => html`
      <button type="button" aria-pressed=${kinds.includes(kind)} @click=${() => this.send({ kinds: KINDS_OF_DIFFERENCE.filter((one) => (one === kind) !== kinds.includes(one)) })}>
        <b data-tone=${CHANGE_MARKS[kind].tone} aria-hidden="true">${CHANGE_MARKS[kind].glyph}</b>${kind}${totals ? html` <span class="soft">${formatCount(totals[kind])}</span>` : nothing}</button>`)}</span>`;
  }

  private list(): TemplateResult {
    const { pages } = this;
    if (pages.total === 0) return html`<p class="empty">${this.query.q || this.query.kinds.length > 0 ? 'Nothing that differs fits.' : this.totals?.unknown ? 'No path is known to differ.' : 'Both images show the very same files.'}</p>`;
    const count = pages.total ?? 0;
    return html`<div role="grid" aria-label="Paths that differ" aria-rowcount=${count + 1} aria-busy=${pages.busy}>
      <div class="tr thead" role="row" aria-rowindex="1"><span role="columnheader"><span class="visually-hidden">Difference</span></span><span role="columnheader">Path</span><span role="columnheader" class="aspects">What</span>
        <span role="columnheader" class="left number">Left</span><span role="columnheader" class="right number">Right</span><span role="columnheader" class="number">Change</span></div>
      ${this.rows.render(count, (index) => `${index}`, (index) => this.row(index))}</div>`;
  }

  private row(index: number): TemplateResult {
    const active = index === this.rows.active;
    const difference = this.pages.get(index);
    if (!difference) return html`<div class="tr" role="row" aria-rowindex=${index + 2} tabindex=${active ? 0 : -1} ?data-active=${active}><span role="gridcell"></span><span role="gridcell"><span class="skeleton" ${vars({ height: '10px', width: '50%' })}></span></span></div>`;
    const { path, kind, aspects, left, right, delta } = difference;
    const size = (row: FileRow | undefined): unknown => (row && row.type !== 'directory' ? html`<span title=${exactBytes(row.size)}>${formatBytes(row.size)}</span>` : nothing);
    return html`<div class="tr" role="row" aria-rowindex=${index + 2} tabindex=${active ? 0 : -1} ?data-active=${active} ?data-selected=${path === this.query.path}
      @focus=${() => { this.rows.active = index; }} @click=${() => this.choose(index)}>
      <span role="gridcell">${changeMark(kind)}</span>
      <span role="gridcell" class="path" title=${visible(cap(path, 1000))}>${pathText(path)}</span>
      <span role="gridcell" class="aspects clip">${aspects.length > 0 ? aspects.join(', ') : typeWord((right ?? left)?.type ?? 'file')}</span>
      <span role="gridcell" class="left number">${size(left)}</span><span role="gridcell" class="right number">${size(right)}</span>
      <span role="gridcell" class="number delta" data-tone=${delta > 0 ? 'caution' : delta < 0 ? 'good' : nothing}>${delta === 0 ? html`<span class="soft">${formatDelta(0)}</span>` : formatDelta(delta)}</span></div>`;
  }

  private facts({ path, left, right }: Difference): TemplateResult {
    const lines: [string, (row: FileRow) => string][] = [
      ['Type', (row) => typeWord(row.type)], ['Size', (row) => exactBytes(row.size)], ['Mode', (row) => modeText(row.type, row.mode)], ['Owner', ownerText],
      ['Links to', (row) => row.link ?? ''], ['Modified', (row) => instant(row.modified)?.slice(0, 19).replace('T', ' ') ?? ''], ['Layer', (row) => String(row.layer + 1)],
    ];
    const shown = lines.map(([name, of]): [string, string, string] => [name, left ? of(left) : '', right ? of(right) : '']).filter(([, a, b]) => a || b);
    return html`<aside aria-label="The chosen difference" tabindex="-1" @keydown=${this.escape}><div class="head"><h3>${safe(path, 600)}</h3>
        <button class="plain" type="button" aria-label="Close" title="Close" @click=${() => this.send({ path: '' })}>${icon('close')}</button></div>
      <table><thead><tr><th></th><th scope="col">Left</th><th scope="col">Right</th></tr></thead>
        <tbody>${shown.map(([name, a, b]) => html`<tr><th scope="row">${name}</th><td ?data-differs=${a !== b}>${left ? safe(a) : '–'}</td><td ?data-differs=${a !== b}>${right ? safe(b) : '–'}</td></tr>`)}</tbody></table>
      ${this.link ? html`<p class="links">${left ? html`<a href=${this.link('left', path)}>Open it at the left</a>` : nothing}${right ? html`<a href=${this.link('right', path)}>Open it at the right</a>` : nothing}</p>` : nothing}</aside>`;
  }

  private choose(index: number): void {
    const difference = this.pages.get(index);
    if (!difference) return;
    this.rows.active = index;
    this.chosen = difference;
    this.send({ path: difference.path });
  }

  /** A path that only the address names: asked for by its own words. */
  private async find(path: string): Promise<void> {
    const { differences } = await this.left.compare(this.right, { search: path, sort: 'path', limit: 200 });
    if (this.query.path !== path) return;
    this.chosen = differences.find((difference) => difference.path === path);
    if (this.chosen) this.requestUpdate();
  }

  private told(answer: Comparison): void {
    if (this.totals) return;
    this.totals = answer;
    this.dispatchEvent(new CustomEvent('portolan-compared', { detail: answer }));
  }

  private escape(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    this.send({ path: '' });
  }

  private send(detail: Partial<CompareQuery>): void {
    this.dispatchEvent(new CustomEvent('portolan-compare', { detail }));
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-compare-files': CompareFiles }
}
