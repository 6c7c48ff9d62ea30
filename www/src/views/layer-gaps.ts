import type { LayerFiles } from 'portolan/layers';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { plural } from '../analysis/format';
import { layerGaps, layerVerdict } from '../analysis/layer-state';
import { icon } from '../ui/icons';
import { safe } from '../ui/safe';
import { shared } from '../ui/shared';

/** What is not whole, or not what it should be, about files that are shown all the same. Fires `portolan-retry`. */
@customElement('portolan-layer-gaps')
export class LayerGaps extends LitElement {
  static override styles = [shared, css`
    section { padding: 10px 14px; margin-top: 12px; border: 1px solid var(--line-strong); border-inline-start: 4px solid var(--caution); background: var(--paper-raised); border-radius: var(--radius); display: grid; gap: 4px; }
    section.loud { border: 2px solid var(--danger); border-inline-start-width: 8px; background: var(--danger-wash); }
    h3 { display: flex; gap: 8px; align-items: center; color: var(--caution); }
    .loud h3 { color: var(--danger); font-size: var(--size-l); }
    .actions { padding-top: 4px; }
  `];

  @property({ attribute: false }) states: readonly LayerFiles[] = [];

  protected override render(): unknown {
    const { failed, partial, mismatched } = layerGaps(this.states);
    return html`${mismatched.length > 0 ? html`<section class="loud" role="alert"><h3>${icon('warning')}${plural(mismatched.length, 'layer is', 'layers are')} not what the config names</h3>
        ${this.lines(mismatched)}</section>` : nothing}
      ${failed.length + partial.length > 0 ? html`<section role="status"><h3>${icon('warning')}Not all of the image is shown</h3>
        ${this.lines(this.states.filter((state) => failed.includes(state) || partial.includes(state)))}
        <p class="soft">What these layers add, change and delete is missing below, and so is all that follows from it.</p>
        <div class="actions"><button type="button" @click=${() => this.dispatchEvent(new CustomEvent('portolan-retry'))}>Read them again</button></div></section>` : nothing}`;
  }

  private lines(layers: readonly LayerFiles[]): unknown {
    return layers.slice(0, 8).map((layer) => html`<p><strong>Layer ${this.states.indexOf(layer) + 1}.</strong> ${safe(layerVerdict(layer).sentence, 600)}</p>`);
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-layer-gaps': LayerGaps }
}
