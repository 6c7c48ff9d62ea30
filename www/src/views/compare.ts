import type { Image } from 'portolan';
import type { Comparison, ImageFiles } from 'portolan/layers';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ALL_DIFFERENCES, type CompareQuery } from '../analysis/files-query';
import { exactBytes, formatBytes, formatCount, formatDelta, formatShare } from '../analysis/format';
import { changeStyles } from '../ui/changes';
import { shared } from '../ui/shared';
import './compare-config';
import './compare-files';
import './compare-layers';

/** One of the two. */
export interface Side { image: Image; files?: ImageFiles | undefined }

/**
 * Two images: how much larger one is, which layers they share, what their configs and their files have differently.
 *
 * - `left`, `right`: `{ image, files }`, the files once they are open; what stands in the slot `opening` is shown until then.
 * - `query`: what of the differences is shown; the element fires `portolan-compare` with a part of a query, and waits.
 * - `layerLink(side, key)`, `fileLink(side, path)`: make addresses; without them nothing is a link.
 */
@customElement('portolan-compare')
export class Compare extends LitElement {
  static override styles = [shared, changeStyles, css`
    .head { display: flex; flex-wrap: wrap; gap: 12px 48px; align-items: end; padding-block: 18px 8px; }
    .total b { display: block; font-size: 40px; line-height: 1.15; font-weight: 600; letter-spacing: -0.02em; }
    dl { display: flex; flex-wrap: wrap; gap: 8px 32px; }
    dt { color: var(--ink-soft); font-size: var(--size-s); }
    dd { font-size: 17px; line-height: 1.3; white-space: nowrap; }
    dd small { color: var(--ink-soft); font-size: var(--size-s); }
    .pair { display: grid; grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr); gap: 12px 40px; align-items: start; }
    h2 { padding-block: 22px 6px; }
    @media (max-width: 1100px) { .pair { grid-template-columns: minmax(0, 1fr); } }
    @media (max-width: 640px) { .total b { font-size: 32px; } .head { gap: 12px 24px; } dl { gap: 8px 20px; } }
  `];

  @property({ attribute: false }) left!: Side;
  @property({ attribute: false }) right!: Side;
  @property({ attribute: false }) query: CompareQuery = ALL_DIFFERENCES;
  @property({ attribute: false }) layerLink: ((side: 'left' | 'right', key: string) => string) | undefined;
  @property({ attribute: false }) fileLink: ((side: 'left' | 'right', path: string) => string) | undefined;
  @property({ type: Number }) revision = 0;
  @state() private totals: Comparison | undefined;

  protected override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get('left') as Side | undefined;
    if (before && before.files !== this.left.files) this.totals = undefined;
  }

  protected override render(): unknown {
    const { left, right } = this;
    return html`${this.headline()}
      <div class="pair"><section><h2>Layers</h2><portolan-compare-layers .left=${left.image} .right=${right.image} .link=${this.layerLink}></portolan-compare-layers></section>
        <section><h2>Config</h2><portolan-compare-config .left=${left.image.config} .right=${right.image.config}></portolan-compare-config></section></div>
      <section><h2>Files</h2>${left.files && right.files ? html`<portolan-compare-files .left=${left.files} .right=${right.files} .query=${this.query} .link=${this.fileLink} .revision=${this.revision}
        @portolan-compare=${(event: CustomEvent) => this.dispatchEvent(new CustomEvent('portolan-compare', { detail: event.detail }))}
        @portolan-compared=${(event: CustomEvent<Comparison>) => { this.totals = event.detail; }}></portolan-compare-files>` : html`<slot name="opening"></slot>`}</section>`;
  }

  /** Unpacked where the files are known, compressed until then. */
  private headline(): TemplateResult {
    const { left: { image: left }, right: { image: right }, totals } = this;
    const compressed = Number(right.size - left.size);
    const delta = totals ? totals.rightSize - totals.leftSize : compressed;
    const base = totals ? totals.leftSize : Number(left.size);
    const share = base > 0 && delta !== 0 ? ` (${formatShare(Math.abs(delta), base)})` : '';
    const words = delta === 0 ? 'as large as' : delta > 0 ? 'larger than' : 'smaller than';
    return html`<div class="head"><p class="total" role="status"><b title=${exactBytes(Math.abs(delta))}>${formatDelta(delta)}</b>
        <span class="soft">The right one is ${delta === 0 ? '' : `${formatBytes(Math.abs(delta))}${share} `}${words} the left one, ${totals ? 'unpacked' : 'compressed'}.</span></p>
      <dl>${totals ? html`<div><dt>Compressed</dt><dd>${formatDelta(compressed)}</dd></div>${this.counts(totals)}`
        : html`<div><dt>Left</dt><dd>${formatBytes(left.size)}</dd></div><div><dt>Right</dt><dd>${formatBytes(right.size)}</dd></div>`}</dl></div>`;
  }

  private counts({ added, removed, changed, addedBytes, removedBytes, changedBytes }: Comparison): TemplateResult {
    const fact = (name: string, count: number, bytes: number, tone: string): TemplateResult => html`<div><dt>${name}</dt>
      <dd><span data-tone=${count > 0 ? tone : nothing}>${formatCount(count)}</span> <small>${formatDelta(bytes)}</small></dd></div>`;
    return html`${fact('+ Added', added, addedBytes, 'good')}${fact('− Removed', removed, -removedBytes, 'danger')}${fact('~ Changed', changed, changedBytes, 'caution')}`;
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-compare': Compare }
}
