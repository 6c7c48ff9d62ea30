import type { Image } from 'portolan';
import type { LayerFiles } from 'portolan/layers';
import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { exactBytes, formatBytes, formatShare } from '../analysis/format';
import { stepAt, stepKey } from '../analysis/layer-names';
import { isListed, layerVerdict } from '../analysis/layer-state';
import { type Sharing } from '../analysis/sharing';
import { bars, imageSteps, strata, type Scale, type Step } from '../analysis/stack';
import { cap, visible } from '../analysis/text';
import { changeCounts, changeStyles } from '../ui/changes';
import { icon } from '../ui/icons';
import { Keys } from '../ui/keys';
import { kindFill, KINDS, kindLegend, kindPatterns } from '../ui/kinds';
import { More } from '../ui/more';
import { safe } from '../ui/safe';
import { shared } from '../ui/shared';
import { stackStyles } from './layer-stack-styles';
import './layer-detail';

const ROW = 32;
const THIN = 24;
const COLUMN = 64;
const LEADERS = 56;
/** More steps than this are listed without the drawing of the column: its leaders would be a tangle. */
const DRAWN = 80;

interface Placed { step: Step; top: number; height: number }

/** The layers of an image as a column drawn to scale, the first at the bottom, each tied to the instruction that made it. */
@customElement('portolan-layers')
export class LayerStack extends LitElement {
  static override styles = [shared, changeStyles, stackStyles];

  @property({ attribute: false }) image!: Image;
  /** The chosen step, as the address has it. */
  @property() chosen = '';
  /** What is known of the files of each layer, bottom first. */
  @property({ attribute: false }) states: readonly LayerFiles[] = [];
  /** Which layers other tags have, too. */
  @property({ attribute: false }) sharing: Sharing | undefined;
  /** The address of what a layer changes, by its place. */
  @property({ attribute: false }) changesLink: ((place: number) => string) | undefined;
  @state() private scale: Scale = 'linear';
  private steps: Step[] = [];
  private readonly narrow = matchMedia('(max-width: 960px)');
  private readonly more = new More(this, 400);
  private focusWanted = false;

  constructor() {
    super();
    const step = (by: number) => (): boolean => this.move(by);
    new Keys(this, { '[': step(-1), ']': step(1), j: step(-1), k: step(1), ArrowDown: step(-1), ArrowUp: step(1) });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.narrow.addEventListener('change', this.redraw);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.narrow.removeEventListener('change', this.redraw);
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('image')) this.steps = imageSteps(this.image);
  }

  protected override updated(changed: Map<string, unknown>): void {
    // The choice comes back through the address: only then is the row the chosen one.
    if (!this.focusWanted || !changed.has('chosen')) return;
    this.focusWanted = false;
    this.renderRoot.querySelector<HTMLElement>('[data-chosen]')?.focus();
  }

  protected override render(): unknown {
    const { steps } = this;
    const chosen = this.chosenIndex();
    const kinds = new Set(steps.map((step) => step.command.kind));
    const chosenStep = steps[chosen];
    const detail = chosenStep && html`<portolan-layer .step=${chosenStep} .total=${this.image.size} .count=${this.image.layers.length}
      .files=${this.stateOf(chosenStep)} .sharing=${this.sharing} .changesLink=${this.changesLink}></portolan-layer>`;
    return html`${kindPatterns()}
      <div class="tools"><span class="legend">${kindLegend(kinds, this.isShared())}</span>
        <span class="segments" role="group" aria-label="Scale">
          ${(['linear', 'log'] as const).map((scale) => html`<button type="button" aria-pressed=${scale === this.scale} @click=${() => { this.scale = scale; }}>${scale}</button>`)}
        </span></div>
      ${this.image.historyMatches ? nothing : html`<p class="note">The history in the config does not match the layers, so their commands are not known.</p>`}
      ${this.scale === 'log' ? html`<p class="note">Logarithmic: a bar twice as long is far more than twice as many bytes.</p>` : nothing}
      <div class="split">${this.stack(chosen, this.narrow.matches ? detail : undefined)}${this.narrow.matches ? nothing : html`<aside>${detail}</aside>`}</div>`;
  }

  private stack(chosen: number, inline: TemplateResult | undefined): TemplateResult {
    const sizes = this.steps.map((step) => step.layer?.size ?? 0n);
    const lengths = bars(sizes, this.scale);
    const placed = this.place();
    const drawn = !this.narrow.matches && placed.length <= DRAWN;
    const { items, button } = this.more.cut('steps', placed);
    return html`<div class="stack" ?data-drawn=${drawn} ?data-counted=${this.states.some(isListed)}>
      ${drawn ? this.column(placed, strata(sizes, this.scale), chosen) : nothing}
      <div role=${inline ? nothing : 'listbox'} aria-label=${inline ? nothing : 'Layers and instructions, the last on top'} class="list">
        ${items.map(({ step }, at) => {
          const index = this.steps.length - 1 - at;
          return html`${this.row(step, index, lengths[index] ?? 0, index === chosen, Boolean(inline))}${index === chosen && inline ? html`<div class="inline">${inline}</div>` : nothing}`;
        })}
      </div>${button}</div>`;
  }

  /** An option of the list; where its details unfold beneath it, a button that unfolds them. */
  private row(step: Step, index: number, length: number, chosen: boolean, unfolds: boolean): TemplateResult {
    const { command, layer } = step;
    const word = command.kind === 'base' || !command.keyword ? KINDS[command.kind].word : command.keyword;
    return html`<div role=${unfolds ? 'button' : 'option'} class=${layer ? 'row' : 'row thin'} ?data-chosen=${chosen}
      aria-selected=${unfolds ? nothing : chosen} aria-expanded=${unfolds ? chosen : nothing} tabindex=${chosen || unfolds ? 0 : -1}
      @click=${() => this.choose(index)} @keydown=${(event: KeyboardEvent) => this.pressed(event, index)}>
      <span class="kind" data-kind=${command.kind}>${word}</span>
      <span class="command clip mono" title=${visible(cap(command.body, 400))}>${command.body ? safe(command.body.slice(0, 400).replace(/[ \t\n]+/g, ' '), 240) : html`<span class="soft">command not known</span>`}</span>
      ${layer ? html`${this.known(step)}<span class="bar" aria-hidden="true"><svg width="100%" height="10" ><rect width=${`${Math.max(length * 100, 0.8)}%`} height="10" fill=${this.fill(step)} /></svg></span>
        <span class="share number">${formatShare(layer.size, this.image.size)}</span>
        <span class="size number" title=${exactBytes(layer.size)}>${formatBytes(layer.size)}</span>` : nothing}
    </div>`;
  }

  /** What reading its files told of the layer: the counts, and whether it can be trusted. */
  private known(step: Step): unknown {
    if (!this.states.some(isListed)) return nothing;
    const files = this.stateOf(step);
    const { tone, word } = layerVerdict(files);
    const glyph = tone === 'good' ? icon('check') : tone === 'quiet' ? nothing : icon('warning');
    return html`<span class="changes">${isListed(files) ? changeCounts(files) : html`<span class="soft">${word}</span>`}</span>
      <span class="verdict" data-tone=${tone} title=${word}>${glyph}<span class="visually-hidden">${word}</span></span>`;
  }

  private stateOf(step: Step): LayerFiles | undefined {
    return step.layer ? this.states[step.number - 1] : undefined;
  }

  private isShared(step?: Step): boolean {
    const { sharing } = this;
    return Boolean(sharing && (step ? sharing.tags.has(step.layer?.digest ?? '') : sharing.tags.size > 0));
  }

  private fill(step: Step): string {
    return kindFill(step.command.kind, this.isShared(step));
  }

  /** The column itself, and the lines from each stratum to its row. */
  private column(placed: readonly Placed[], parts: readonly number[], chosen: number): TemplateResult {
    const last = placed[placed.length - 1];
    const height = last ? last.top + last.height : 0;
    const layers = parts.filter((_part, index) => this.steps[index]?.layer).length;
    const room = height - layers * 3;
    let y = 0;
    return html`<svg class="column" width=${COLUMN + LEADERS} height=${height} aria-hidden="true">
      ${placed.map(({ step, top, height: rowHeight }, at) => {
        const index = this.steps.length - 1 - at;
        const thick = step.layer ? 3 + (parts[index] ?? 0) * room : 0;
        const from = y + thick / 2;
        const to = top + rowHeight / 2;
        const shape = step.layer
          ? svg`<rect x="0.5" y=${y + 0.5} width=${COLUMN} height=${Math.max(1.5, thick - 1)} fill=${this.fill(step)} />`
          : svg`<line x1="0" x2=${COLUMN + 1} y1=${y} y2=${y} class="instruction" />`;
        y += thick;
        return svg`<g class=${`stratum ${index === chosen ? 'chosen' : ''} ${step.layer ? '' : 'empty'}`} @click=${() => this.choose(index)}>${shape}
          <path d=${`M${COLUMN + 1} ${from}C${COLUMN + 26} ${from} ${COLUMN + 28} ${to} ${COLUMN + LEADERS} ${to}`} /></g>`;
      })}</svg>`;
  }

  private place(): Placed[] {
    let top = 0;
    return [...this.steps].reverse().map((step) => {
      const height = step.layer ? ROW : THIN;
      const placed = { step, top, height };
      top += height;
      return placed;
    });
  }

  /** What the address chose, or else the largest layer: where the space went is the first question. */
  private chosenIndex(): number {
    const place = stepAt(this.steps, this.chosen);
    if (place >= 0) return place;
    let largest = -1;
    this.steps.forEach((step, index) => {
      if (step.layer && step.layer.size > (this.steps[largest]?.layer?.size ?? -1n)) largest = index;
    });
    return largest;
  }

  private move(by: number): boolean {
    const next = Math.max(0, Math.min(this.steps.length - 1, this.chosenIndex() + by));
    if (this.steps.length === 0) return false;
    this.focusWanted = true;
    this.choose(next);
    return true;
  }

  private pressed(event: KeyboardEvent, index: number): void {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    this.choose(index);
  }

  private choose(index: number): void {
    this.dispatchEvent(new CustomEvent('layer', { detail: stepKey(this.steps, index), bubbles: true, composed: true }));
  }

  private readonly redraw = (): void => this.requestUpdate();
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-layers': LayerStack }
}
