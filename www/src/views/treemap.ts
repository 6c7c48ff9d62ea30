import type { FileFilter, ImageFiles, TreemapNode } from 'portolan/layers';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { CHANGE_MARKS, parentPath } from '../analysis/file-facts';
import { formatBytes, formatCount, formatShare, plural } from '../analysis/format';
import type { LayerName } from '../analysis/layer-names';
import { cap, visible } from '../analysis/text';
import { boxes, largest, neighbour, type Arrow, type Box, type Space } from '../analysis/treemap';
import { toFailure } from '../analysis/trouble';
import { Load } from '../data/load';
import { changeMark, changeStyles } from '../ui/changes';
import { kindLegend } from '../ui/kinds';
import { safe } from '../ui/safe';
import { shared } from '../ui/shared';
import { vars } from '../ui/vars';
import { treemapStyles } from './treemap-styles';

/** Boxes at the most: more could not be told apart. */
const BOXES = 300;
/** Boxes narrower or lower than this have no room for a name, pixels. */
const NAMED = { width: 42, height: 16 };

/**
 * A directory as boxes to scale. Fires `portolan-open` with `{ id, path, type }` of the box that was opened.
 * One box is in the tab order; arrows lead to its neighbours, Enter opens, Backspace goes to the directory above.
 */
@customElement('portolan-treemap')
export class Treemap extends LitElement {
  static override styles = [shared, changeStyles, treemapStyles, css`:host { display: flex; flex-direction: column; min-height: 0; }`];

  @property({ attribute: false }) files!: ImageFiles;
  /** The directory: its path, or its number where no path names it. */
  @property({ attribute: false }) directory: string | number = '';
  @property({ attribute: false }) filter: FileFilter = {};
  @property({ attribute: false }) layers: readonly LayerName[] = [];
  /** A path in it that is marked. */
  @property() selected = '';
  @property({ type: Number }) revision = 0;
  @state() private space: Space = { width: 0, height: 0 };
  @state() private active = 0;
  private readonly load = new Load<TreemapNode>(this);
  private readonly observer = new ResizeObserver(([entry]) => this.measured(entry));
  private shown: { node: TreemapNode; base: string } | undefined;
  private drawn: { of: TreemapNode; space: Space; boxes: Box[] } | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => {
      const map = this.renderRoot.querySelector('.map');
      if (map) this.observer.observe(map);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    const { files, directory, filter, revision } = this;
    if (changed.has('files')) this.load.reset();
    this.load.run(JSON.stringify([directory, filter, revision]), (signal) => files.treemap(directory, { ...filter, boxes: BOXES, signal }));
    const { current } = this.load;
    // The map before stays until the next one is there.
    if (current.state === 'ready' && current.value !== this.shown?.node) {
      this.shown = { node: current.value, base: typeof directory === 'string' ? directory : '' };
      this.active = 0;
    }
  }

  protected override render(): unknown {
    const { current } = this.load;
    const all = this.layout();
    const node = this.shown?.node;
    return html`${this.trail()}
      <div class="map" role="group" aria-label=${node ? this.label(node) : 'Map of the directory'} aria-busy=${current.state === 'loading'} @keydown=${this.key}>
        ${all.map((box, index) => this.box(box, index))}
        ${current.state === 'failed' ? html`<p class="note">${safe(toFailure(current.error).message, 200)} <button type="button" @click=${() => this.load.retry()}>Try again</button></p>`
          : node && all.length === 0 && this.space.width > 0 ? html`<p class="note">${node.children.length === 0 && node.rest.count === 0 ? 'Nothing in it takes space.' : 'All in it is empty.'}</p>` : nothing}
      </div>
      ${this.legend(all)}${node ? html`<p class="visually-hidden">${this.words(node)}</p>` : nothing}`;
  }

  /** What the colours mean: what made the layers, or in one layer what it did. */
  private legend(all: readonly Box[]): unknown {
    if (this.filter.layer === undefined) {
      const kinds = new Set(all.map(({ node }) => this.layers[node.layer]?.kind ?? 'unknown'));
      return html`<p class="legend" aria-hidden="true">${kindLegend(kinds, false)}</p>`;
    }
    const changes = (['added', 'changed', 'deleted'] as const).filter((change) => all.some(({ node }) => node.change === change));
    return html`<p class="legend" aria-hidden="true">${changes.map((change) => html`<span class="key"><i class="box" data-change=${change}></i>${CHANGE_MARKS[change].glyph} ${change}</span>`)}</p>`;
  }

  /** The directory and those above it. */
  private trail(): TemplateResult {
    const path = typeof this.directory === 'string' ? this.directory : '';
    const parts = path === '' ? [] : path.split('/');
    const size = this.shown?.node.size;
    return html`<div class="trail"><nav aria-label="Directory of the map">
      <button class="plain" type="button" aria-current=${parts.length === 0 ? 'true' : nothing} @click=${() => this.open('', 0, 'directory')}>/</button>
      ${parts.map((part, at) => html`<button class="plain clip" type="button" aria-current=${at === parts.length - 1 ? 'true' : nothing} title=${visible(cap(part, 300))}
        @click=${() => this.open(parts.slice(0, at + 1).join('/'), -1, 'directory')}>${safe(part, 40)}</button>${at < parts.length - 1 ? html`<span aria-hidden="true">/</span>` : nothing}`)}
      </nav><span class="number soft">${size === undefined ? nothing : formatBytes(size)}</span></div>`;
  }

  private box(box: Box, index: number): TemplateResult {
    const { node, rest, width, height, path } = box;
    const whole = this.shown?.node.size ?? 0;
    const name = rest ? `${plural(rest.count, 'smaller one', 'smaller ones')}` : visible(cap(node.name, 120));
    const size = rest?.size ?? node.size;
    const title = `${rest ? name : visible(cap(path, 400))}, ${formatBytes(size)}, ${formatShare(size, whole)}${node.change && !rest ? `, ${CHANGE_MARKS[node.change].word}` : ''}`;
    const named = width >= NAMED.width && height >= NAMED.height && (box.headed || !box.node.children.length || rest);
    const place = { left: `${box.x}px`, top: `${box.y}px`, width: `${width}px`, height: `${height}px` };
    const selected = !rest && this.selected !== '' && this.full(path) === this.selected;
    if (rest) return html`<div class="box rest" title=${title} ${vars(place)}>${named ? html`<span class="label">${name}</span>` : nothing}</div>`;
    return html`<div class="box" role="button" tabindex=${index === this.active ? 0 : -1} aria-label=${named ? nothing : title} title=${title} data-index=${index}
      data-kind=${this.filter.layer === undefined ? this.layers[node.layer]?.kind ?? 'unknown' : nothing} data-change=${this.filter.layer === undefined ? nothing : node.change ?? nothing}
      ?data-directory=${node.type === 'directory'} ?data-headed=${box.headed} ?data-selected=${selected} ${vars(place)} @click=${() => this.openBox(index)} @focus=${() => { this.active = index; }}>
      ${named ? this.name(box, formatShare(size, whole)) : nothing}</div>`;
  }

  /** What is written in a box, as far as it has room, and the rest for those who hear it. */
  private name({ node, width, height, headed }: Box, share: string): TemplateResult {
    const mark = node.change && this.filter.layer !== undefined ? changeMark(node.change) : nothing;
    const sized = headed ? width > 110 : height > 34 && width > 58;
    return html`<span class="label">${mark}${safe(node.name, 60)} ${sized ? html`<small>${formatBytes(node.size)}</small>` : nothing}<span class="visually-hidden">${share}</span></span>`;
  }

  private label(node: TreemapNode): string {
    const path = this.shown?.base ?? '';
    return `Map of ${path === '' ? 'the root' : visible(cap(path, 200))}: ${formatBytes(node.size)}`;
  }

  private words(node: TreemapNode): string {
    const first = largest(node, 5).map(({ name, share }) => `${visible(cap(name, 60))} ${formatShare(share, 1)}`);
    const more = node.children.length + node.rest.count - first.length;
    return first.length === 0 ? 'It holds nothing.' : `The largest in it: ${first.join(', ')}${more > 0 ? `, and ${formatCount(more)} more` : ''}.`;
  }

  private layout(): Box[] {
    const { shown, space } = this;
    if (!shown) return [];
    if (this.drawn?.of !== shown.node || this.drawn.space !== space) this.drawn = { of: shown.node, space, boxes: boxes(shown.node, space) };
    return this.drawn.boxes;
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Enter' || event.key === ' ') this.openBox(this.active);
    else if (event.key === 'Backspace' && this.directory !== '') this.open(parentPath(String(this.directory)), -1, 'directory');
    else if (event.key.startsWith('Arrow')) this.step(neighbour(this.layout(), this.active, event.key as Arrow));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private step(to: number): void {
    if (to < 0 || this.layout()[to]?.rest) return;
    this.active = to;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`[data-index='${to}']`)?.focus());
  }

  private openBox(index: number): void {
    const box = this.layout()[index];
    if (box && !box.rest) this.open(this.full(box.path), box.node.id, box.node.type);
  }

  private full(path: string): string {
    const base = this.shown?.base ?? '';
    return base === '' ? path : `${base}/${path}`;
  }

  private open(path: string, id: number, type: string): void {
    this.dispatchEvent(new CustomEvent('portolan-open', { detail: { path, id, type } }));
  }

  private measured(entry: ResizeObserverEntry | undefined): void {
    if (!entry) return;
    const { width, height } = entry.contentRect;
    const [w, h] = [Math.round(width), Math.round(height)];
    if (w !== this.space.width || h !== this.space.height) this.space = { width: w, height: h };
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-treemap': Treemap }
}
