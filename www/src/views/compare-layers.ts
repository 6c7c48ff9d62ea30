import type { Image } from 'portolan';
import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { exactBytes, formatBytes, plural } from '../analysis/format';
import { bands, layerDifference, type Band, type LayerDifference } from '../analysis/layer-diff';
import type { LayerName } from '../analysis/layer-names';
import { cap, visible } from '../analysis/text';
import { kindFill, kindPatterns } from '../ui/kinds';
import { More } from '../ui/more';
import { safe } from '../ui/safe';
import { shared } from '../ui/shared';

/** The layers of two images: those of one side at that side, what both share once and in the middle. The last layer is on top. */
@customElement('portolan-compare-layers')
export class CompareLayers extends LitElement {
  static override styles = [shared, css`
    .heads, .band { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0 20px; }
    .heads { color: var(--ink-soft); font-size: var(--size-s); border-bottom: 1px solid var(--line-strong); }
    .heads > * { padding: 4px 0; }
    .heads b { color: var(--ink); font-weight: 600; }
    .band { align-items: end; border-bottom: 1px solid var(--line); padding-block: 3px; }
    .shared { grid-column: 2; }
    .right { grid-column: 3; }
    .layer { display: grid; grid-template-columns: minmax(0, 1fr) 72px; gap: 0 10px; align-items: center; padding: 3px 0 5px; text-decoration: none; }
    .layer:hover { color: var(--accent); }
    .layer .command { font-size: 12px; }
    .layer svg { grid-column: 1 / -1; }
    .layer .size { font-size: 13px; }
    .shared { border-inline: 1px solid var(--line); padding-inline: 10px; margin-inline: -10px; background: var(--paper-raised); }
    .side { display: none; }
    .more { padding-top: 8px; }
    @media (max-width: 760px) {
      .heads { display: none; }
      .band { grid-template-columns: minmax(0, 1fr); }
      .shared, .right { grid-column: 1; margin: 0; border: 0; padding: 0; background: none; }
      .side { display: block; color: var(--ink-soft); font-size: var(--size-s); padding-top: 4px; }
    }
  `];

  @property({ attribute: false }) left!: Image;
  @property({ attribute: false }) right!: Image;
  /** The address of a layer of one side. */
  @property({ attribute: false }) link: ((side: 'left' | 'right', key: string) => string) | undefined;
  private readonly more = new More(this, 40);
  private difference: LayerDifference | undefined;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('left') || changed.has('right')) this.difference = layerDifference(this.left, this.right);
  }

  protected override render(): unknown {
    const { difference } = this;
    if (!difference) return nothing;
    const largest = Math.max(1, ...[...this.left.layers, ...this.right.layers].map(({ size }) => Number(size)));
    const { items, button } = this.more.cut('bands', bands(difference).reverse());
    const head = (words: string, count: number, size: bigint): TemplateResult => html`<span>${words} <b>${plural(count, 'layer')}, ${formatBytes(size)}</b></span>`;
    return html`${kindPatterns()}<div class="heads">
        ${head('Only left', difference.onlyLeft.length, difference.leftSize)}${head('In both', difference.shared.length, difference.sharedSize)}${head('Only right', difference.onlyRight.length, difference.rightSize)}</div>
      ${items.map((band) => this.band(band, largest))}<div class="more">${button}</div>`;
  }

  private band({ kind, left, right }: Band, largest: number): TemplateResult {
    if (kind === 'shared') return html`<div class="band"><div class="shared"><span class="side">In both</span>${this.stack(left, 'left', largest, true)}</div></div>`;
    return html`<div class="band"><div class="left">${left.length > 0 ? html`<span class="side">Only left</span>` : nothing}${this.stack(left, 'left', largest, false)}</div>
      <div class="right">${right.length > 0 ? html`<span class="side">Only right</span>` : nothing}${this.stack(right, 'right', largest, false)}</div></div>`;
  }

  private stack(layers: readonly LayerName[], side: 'left' | 'right', largest: number, both: boolean): unknown {
    return [...layers].reverse().slice(0, 200).map((layer) => {
      const inside = html`<span class="command mono clip" title=${visible(cap(layer.command, 400))}>${safe(layer.command.replace(/\s+/g, ' '), 120)}</span>
        <span class="size number" title=${exactBytes(layer.size)}>${formatBytes(layer.size)}</span>
        <svg width="100%" height="6" aria-hidden="true">${svg`<rect width=${`${Math.max(0.6, (Number(layer.size) / largest) * 100)}%`} height="6" fill=${kindFill(layer.kind, both)} />`}</svg>`;
      return this.link ? html`<a class="layer" href=${this.link(side, layer.key)}>${inside}</a>` : html`<div class="layer">${inside}</div>`;
    });
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-compare-layers': CompareLayers }
}
