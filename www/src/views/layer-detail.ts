import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { splitShell } from '../analysis/command';
import { exactBytes, formatBytes, formatShare } from '../analysis/format';
import type { Step } from '../analysis/stack';
import { KINDS } from '../ui/kinds';
import { safe, time } from '../ui/safe';
import { shared } from '../ui/shared';
import '../ui/copy-button';
import '../ui/digest-chip';
import '../ui/long-text';

/** One step in full: the command so that it can be read, and what the layer is. */
@customElement('portolan-layer')
export class LayerDetail extends LitElement {
  static override styles = [shared, css`
    section { border: 1px solid var(--line); background: var(--paper-raised); border-radius: var(--radius); padding: 14px 16px; display: grid; gap: 10px; }
    .head { display: flex; align-items: baseline; justify-content: space-between; gap: 12px; }
    .head h2 { white-space: nowrap; }
    .head span { text-align: end; }
    .command { position: relative; background: var(--paper-sunken); border-radius: var(--radius); padding: 8px 34px 8px 10px; font-family: var(--mono); font-size: 12.5px; max-height: 46vh; overflow: auto; }
    .command portolan-copy { position: absolute; inset-inline-end: 2px; top: 4px; }
    .keyword { color: var(--accent); font-weight: 600; }
    dl { display: grid; grid-template-columns: 84px minmax(0, 1fr); gap: 4px 12px; }
    dt { color: var(--ink-soft); }
    dd { overflow-wrap: anywhere; min-width: 0; }
  `];

  @property({ attribute: false }) step!: Step;
  /** Bytes of all layers. */
  @property({ attribute: false }) total = 0n;
  /** Number of layers. */
  @property({ type: Number }) count = 0;

  protected override render(): unknown {
    const { step } = this;
    const { layer, command } = step;
    return html`<section aria-label="The chosen step">
      <div class="head"><h2>${layer ? `Layer ${step.number} of ${this.count}` : 'An instruction without a layer'}</h2><span class="soft">${KINDS[command.kind].about}</span></div>
      ${this.command()}
      ${layer ? html`<dl>
        <dt>Size</dt><dd>${formatBytes(layer.size)} <span class="soft">compressed, ${exactBytes(layer.size)}</span></dd>
        <dt>Share</dt><dd>${formatShare(layer.size, this.total)} <span class="soft">of the image</span></dd>
        <dt>Digest</dt><dd><portolan-digest full .digest=${layer.digest}></portolan-digest></dd>
        ${layer.diffId ? html`<dt>Unpacked</dt><dd><portolan-digest .digest=${layer.diffId}></portolan-digest></dd>` : nothing}
        <dt>Type</dt><dd class="mono">${safe(layer.mediaType)}</dd>
        ${this.more()}
        ${layer.urls.length > 0 ? html`<dt>Held at</dt><dd>${layer.urls.slice(0, 5).map((url) => html`<div class="mono">${safe(url)}</div>`)}
          <span class="soft">A foreign layer: named by the image, not fetched here.</span></dd>` : nothing}
      </dl>` : html`<dl>${this.more()}</dl>`}
    </section>`;
  }

  private more(): unknown {
    const { created, comment } = this.step;
    return html`<dt>Created</dt><dd>${time(created)}</dd>${comment ? html`<dt>Comment</dt><dd>${safe(comment)}</dd>` : nothing}`;
  }

  private command(): unknown {
    const { command, raw } = this.step;
    if (!raw) return html`<p class="soft">The config does not tell which command made it.</p>`;
    const body = command.keyword === 'RUN' && command.body.length < 65_536 ? splitShell(command.body).join('\n') : command.body;
    return html`<div class="command"><portolan-copy .text=${raw} what="the command as recorded"></portolan-copy>
      ${command.keyword ? html`<span class="keyword">${command.keyword}</span>` : nothing}
      <portolan-long lines .text=${body} limit="4000"></portolan-long></div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-layer': LayerDetail }
}
