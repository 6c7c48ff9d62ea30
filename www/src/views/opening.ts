import type { FilesPlan, LayerFiles } from 'portolan/layers';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatBytes } from '../analysis/format';
import { layerVerdict } from '../analysis/layer-state';
import { joinPlans, planSentence, readSoFar, UNASKED } from '../analysis/opening';
import type { FilesState, FilesStore } from '../data/image-files';
import type { RegistryEntry } from '../data/session';
import { Follow } from '../data/store';
import { safe } from '../ui/safe';
import { shared } from '../ui/shared';
import { troublePanel } from '../ui/trouble';
import { vars } from '../ui/vars';

/**
 * What stands where files will be until they are read: what it costs, how far it is, and what went wrong.
 * `stores`: the files of one image, or of the two that are compared.
 */
@customElement('portolan-opening')
export class Opening extends LitElement {
  static override styles = [shared, css`
    section { max-width: 760px; padding-block: 28px; display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr); }
    .big { font-size: var(--size-xl); line-height: 1.3; }
    .actions { display: flex; gap: 10px; align-items: center; flex-wrap: wrap; }
    .go { background: var(--accent); color: var(--accent-ink); border-color: var(--accent); padding: 6px 18px; font-weight: 600; }
    .go:hover { color: var(--accent-ink); border-color: var(--ink); }
    .bar { height: 10px; border: 1px solid var(--line-strong); position: relative; background: var(--paper-sunken); overflow: hidden; }
    .bar i { position: absolute; inset: 0 auto 0 0; width: var(--part); background: var(--kind-run); }
    .bar.scale { border-color: transparent; background: none; }
    .bar[data-known] i { opacity: 0.35; }
    ol { display: grid; }
    li { display: grid; grid-template-columns: 72px minmax(0, 1fr) 150px 90px; gap: 12px; align-items: center; padding: 4px 0; border-bottom: 1px solid var(--line); font-size: 13px; }
    li .bar { height: 7px; }
    li .number { color: var(--ink-soft); }
    @media (max-width: 640px) { li { grid-template-columns: 62px minmax(0, 1fr) 84px; } li .number { display: none; } }
  `];

  @property({ attribute: false }) entry!: RegistryEntry;
  @property() repository = '';
  @property({ attribute: false }) stores: readonly FilesStore[] = [];
  private readonly follow = new Follow(this);

  protected override willUpdate(): void {
    this.follow.to(...this.stores);
  }

  protected override render(): unknown {
    const states = this.stores.map((store) => store.value);
    const failed = states.findIndex(({ phase }) => phase === 'failed');
    if (failed >= 0) return this.failed(failed);
    if (states.some(({ phase }) => phase === 'idle' || phase === 'planning')) return html`<section><p class="soft" role="status">Finding out what is to be read …</p></section>`;
    if (states.some(({ phase }) => phase === 'asking')) return this.asking(states);
    if (states.some(({ phase }) => phase === 'cancelled')) return this.cancelled(states);
    return this.reading(states);
  }

  private asking(states: readonly FilesState[]): TemplateResult {
    const plan = joinPlans(states.flatMap(({ plan: one, phase }) => (one && phase !== 'ready' ? [one] : [])));
    return html`<section>
      <p class="big">${planSentence(plan)}</p>
      <p class="soft">The layers are read and unpacked in this tab, and nothing is sent anywhere. What was read is kept, so that the next visit downloads nothing.
        Up to ${UNASKED / 1024 ** 2} MiB are read without asking.</p>
      <div class="actions"><button class="go" type="button" @click=${this.start}>Read the files</button></div>
      ${states.length === 1 ? this.planned(plan) : nothing}</section>`;
  }

  /** What would be read, layer by layer. */
  private planned({ layers }: FilesPlan): TemplateResult {
    const most = Math.max(1, ...layers.map(({ size }) => size));
    return html`<ol aria-label="Layers, the last on top">${layers.map(({ size, cached }, place) => html`<li><span>Layer ${place + 1}</span>
      <span class="bar scale" data-known=${cached || nothing} aria-hidden="true"><i ${vars({ '--part': `${Math.max(0.4, (size / most) * 100)}%` })}></i></span>
      <span class="number">${cached ? 'known already' : 'to download'}</span><span class="number">${formatBytes(size)}</span></li>`).reverse().slice(0, 60)}</ol>`;
  }

  private reading(states: readonly FilesState[]): TemplateResult {
    const layers = states.flatMap((state) => state.layers);
    const sum = (key: 'received' | 'total'): number => states.reduce((total, state) => total + state[key], 0);
    const { words, share } = readSoFar(layers, sum('received'), sum('total'));
    const percent = Math.floor(share * 100);
    return html`<section aria-busy="true">
      <p class="big" role="status">${layers.length === 0 ? 'Reading …' : share === 1 ? 'Laying the layers over each other …' : html`Reading the layers: ${percent} %`}</p>
      <div class="bar" role="progressbar" aria-label="Reading the layers" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent}><i ${vars({ '--part': `${percent}%` })}></i></div>
      <div class="actions"><span class="soft">${words}</span><button type="button" @click=${this.cancel}>Stop</button></div>
      ${states.length === 1 ? html`<ol aria-label="Layers, the last on top">${this.lines(layers)}</ol>` : nothing}</section>`;
  }

  private lines(layers: readonly LayerFiles[]): unknown {
    return layers.map((layer, place) => this.line(layer, place)).reverse().slice(0, 60);
  }

  private line(layer: LayerFiles, place: number): TemplateResult {
    const done = layer.cached || (layer.state !== 'waiting' && layer.state !== 'reading');
    const part = done ? 1 : layer.size > 0 ? layer.downloaded / layer.size : 0;
    const { word } = layerVerdict(layer);
    const said = layer.cached ? 'known already' : layer.state === 'reading' ? `${formatBytes(layer.downloaded)} read` : layer.state === 'waiting' ? (done ? 'read' : 'waiting') : word;
    return html`<li><span>Layer ${place + 1}</span><span class="bar" aria-hidden="true"><i ${vars({ '--part': `${Math.round(part * 100)}%` })}></i></span>
      <span class="number">${said}</span><span class="number">${formatBytes(layer.size)}</span></li>`;
  }

  private cancelled(states: readonly FilesState[]): TemplateResult {
    const received = states.reduce((sum, state) => sum + state.received, 0);
    const total = states.reduce((sum, state) => sum + state.total, 0);
    return html`<section><p class="big">Reading was stopped</p>
      <p class="soft">${total > 0 ? `After ${formatBytes(received)} of ${formatBytes(total)}. ` : ''}Layers that were read to their end are not downloaded again.</p>
      <div class="actions"><button class="go" type="button" @click=${this.start}>Read on</button></div></section>`;
  }

  private failed(at: number): TemplateResult {
    const { received, error } = this.stores[at]?.value ?? { received: 0, error: undefined };
    return html`<section>${troublePanel(this.entry, error, 'files of the image', this.repository, () => this.stores[at]?.start())}
      ${received > 0 ? html`<p class="soft">${safe(`${formatBytes(received)} had been downloaded.`)} Layers that were read to their end are not downloaded again.</p>` : nothing}</section>`;
  }

  private readonly start = (): void => {
    for (const store of this.stores) {
      if (store.value.phase !== 'ready') store.start();
    }
  };

  private readonly cancel = (): void => {
    for (const store of this.stores) store.cancel();
  };
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-opening': Opening }
}
