import type { Change, LayerFiles } from 'portolan/layers';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { CHANGE_MARKS } from '../analysis/file-facts';
import { CHANGES, type FilesQuery } from '../analysis/files-query';
import { formatBytes, formatCount } from '../analysis/format';
import { layerTitle, type LayerName } from '../analysis/layer-names';
import { isListed } from '../analysis/layer-state';
import { visible } from '../analysis/text';
import { changeStyles } from '../ui/changes';
import { headStyles, shared } from '../ui/shared';
import type { SearchField } from '../ui/search-field';
import '../ui/search-field';

const SIZES = [0, 64 * 1024, 1024 ** 2, 10 * 1024 ** 2, 100 * 1024 ** 2];

/** What of the files is shown: words, one layer, its changes, a least size. Fires `portolan-files` with what changed. */
@customElement('portolan-files-bar')
export class FilesBar extends LitElement {
  static override styles = [shared, headStyles, changeStyles, css`
    .controls { padding-block: 14px 4px; }
    .layer select { width: 34ch; max-width: 100%; text-overflow: ellipsis; }
    .segments button { gap: 5px; }
    .segments button b { font-family: var(--mono); }
    @media (max-width: 640px) { .controls label.layer { width: 100%; } .controls label.layer select { flex: 1; } .controls label.pick:not(.layer) { flex: 1; } .controls label.pick:not(.layer) select { flex: 1; } }
  `];

  @property({ attribute: false }) query!: FilesQuery;
  @property({ attribute: false }) layer: number | undefined;
  @property({ attribute: false }) layers: readonly LayerName[] = [];
  @property({ attribute: false }) states: readonly LayerFiles[] = [];
  @query('portolan-search') private search!: SearchField;

  focusField(): void {
    this.search.focusField();
  }

  protected override render(): unknown {
    const { query: { q, min }, layer, layers } = this;
    const sizes = SIZES.includes(min) ? SIZES : [...SIZES, min].sort((a, b) => a - b);
    return html`<div class="controls">
      <portolan-search label=${layer === undefined ? 'Search all paths' : `Search the paths of layer ${layer + 1}`} .value=${q}
        @portolan-query=${(event: CustomEvent<string>) => this.send({ q: event.detail })}></portolan-search>
      <label class="pick layer">Layer <select @change=${(event: Event) => this.pick((event.target as HTMLSelectElement).value)}>
        <option value="" ?selected=${layer === undefined}>all, as the image shows them</option>
        ${[...layers].reverse().map((name) => html`<option value=${name.place} ?selected=${name.place === layer}>${visible(layerTitle(name))}</option>`)}</select></label>
      ${layer === undefined ? this.gone() : this.changes(this.states[layer])}
      <label class="pick">Size <select @change=${(event: Event) => this.send({ min: Number((event.target as HTMLSelectElement).value) })}>
        ${sizes.map((size) => html`<option value=${size} ?selected=${size === min}>${size === 0 ? 'any' : `at least ${formatBytes(size)}`}</option>`)}</select></label></div>`;
  }

  /** In the merged view: also what is gone from it. */
  private gone(): TemplateResult {
    const pressed = this.query.changes.includes('deleted');
    return html`<button type="button" title="Also what layers took away" aria-pressed=${pressed} @click=${() => this.send({ changes: pressed ? [] : ['deleted'] })}>Show deleted</button>`;
  }

  private changes(state: LayerFiles | undefined): TemplateResult {
    const { changes } = this.query;
    return html`<span class="segments" role="group" aria-label="Changes of the layer">${CHANGES.map((change) => html`
      <button type="button" aria-pressed=${changes.includes(change)} title=${`Only what it ${change}`} @click=${() => this.toggle(change)}>
        <b data-tone=${CHANGE_MARKS[change].tone} aria-hidden="true">${CHANGE_MARKS[change].glyph}</b>${change}${isListed(state) ? html` <span class="soft">${formatCount(state[change])}</span>` : nothing}</button>`)}</span>`;
  }

  private toggle(change: Change): void {
    const { changes } = this.query;
    this.send({ changes: CHANGES.filter((one) => (one === change) !== changes.includes(one)) });
  }

  private pick(value: string): void {
    this.dispatchEvent(new CustomEvent('portolan-layer', { detail: value === '' ? undefined : Number(value) }));
  }

  private send(detail: Partial<FilesQuery>): void {
    this.dispatchEvent(new CustomEvent('portolan-files', { detail }));
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-files-bar': FilesBar }
}
