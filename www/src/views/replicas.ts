import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Replications, Sounding } from '../analysis/azure';
import { azureTrouble } from '../analysis/azure-trouble';
import { behindText, headline, isMoving, isSettled, judge, STANDINGS, type Known, type RegionState, type Standing } from '../analysis/replicas';
import { nameText, type ImageName } from '../analysis/route';
import { toFailure } from '../analysis/trouble';
import type { AzureSource } from '../data/azure';
import { Live, Lives } from '../data/live';
import { Keys } from '../ui/keys';
import { safe, time } from '../ui/safe';
import { shared } from '../ui/shared';
import { replicasStyles } from './replicas-styles';
import '../ui/digest-chip';
import '../ui/trouble-panel';

/** Milliseconds between two questions: while something is on its way, and while all is as it should be. */
const MOVING = 2_000;
const QUIET = 10_000;

/**
 * The regions of a registry in Azure: what Azure says of each, and whether its own endpoint answers and serves what one looks at. Asks
 * again as long as it is seen. Fires `portolan-regions` with the states when they changed.
 */
@customElement('portolan-replicas')
export class Replicas extends LitElement {
  static override styles = [shared, replicasStyles];

  @property({ attribute: false }) source!: AzureSource;
  /** What the regions are asked for; without it, whether they answer. */
  @property({ attribute: false }) name?: ImageName;
  private readonly lives = new Lives(this);
  /** When a region was first seen without what others have. */
  private readonly behind = new Map<string, number>();
  private states: RegionState[] = [];
  private active = 0;

  constructor() {
    super();
    const step = (by: number) => (): boolean => this.step(by);
    new Keys(this, { j: step(1), ArrowDown: step(1), k: step(-1), ArrowUp: step(-1), r: () => this.lives.now() });
  }

  /** Asks all again, at once. */
  refresh(): void {
    this.lives.now();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('source') || (changed.has('name') && nameKey(changed.get('name')) !== nameKey(this.name))) this.behind.clear();
    if (changed.has('source')) this.lives.keep([]);
    const known = this.listed();
    const list = known.state === 'waiting' ? undefined : known.value;
    const asked = new Map<string, Known<Sounding>>((list?.replications ?? []).map(({ name }) => [name, this.asked(name)]));
    this.lives.keep(['list', ...(list?.replications ?? []).map(({ name }) => this.keyOf(name))]);
    this.states = this.judged(list, asked);
  }

  protected override updated(): void {
    this.dispatchEvent(new CustomEvent('portolan-regions', { detail: this.states }));
  }

  protected override render(): unknown {
    const known = this.listed();
    if (known.state === 'waiting') return this.skeleton();
    const trouble = known.state === 'failed' ? html`<portolan-trouble .trouble=${azureTrouble(known.error, 'replications')} @retry=${() => this.refresh()}></portolan-trouble>` : nothing;
    const list = known.value;
    if (!list) return trouble;
    if (list.replications.length === 0) return this.none();
    const { number, words, tone } = headline(this.states, this.name !== undefined);
    return html`${trouble}
      <div class="headline" role="status" data-tone=${tone}><strong>${number}</strong><p>${words}</p></div>
      <p class="asked"><span>Asked again as long as this page is seen.</span><button type="button" title="Ask all regions now (r)" @click=${this.refresh}>Ask now</button></p>
      <ul aria-label="Regions">${this.states.map((state, at) => this.card(state, at))}</ul>`;
  }

  private listed(): Known<Replications> {
    const { source } = this;
    const pace = (value: Replications): number => (value.replications.every(isSettled) ? QUIET : MOVING);
    return this.lives.get('list', () => new Live((signal) => source.replications(signal), pace, () => this.requestUpdate())).current;
  }

  private asked(region: string): Known<Sounding> {
    const { source, name } = this;
    const pace = (value: Sounding): number => Math.max((value.retryAfter ?? 0) * 1000, this.paceOf(value));
    return this.lives.get(this.keyOf(region), () => new Live((signal) => source.sound(region, name, signal), pace, () => this.requestUpdate())).current;
  }

  /** What is on its way is asked for again soon; what cannot be reached, seldom. */
  private paceOf({ answer }: Sounding): number {
    if (answer === 'unreachable' || answer === 'failed' || answer === 'denied') return QUIET * 2;
    return answer === 'missing' || isMoving(this.states) ? MOVING : QUIET;
  }

  private keyOf(region: string): string {
    return `${region} ${nameKey(this.name)}`;
  }

  private judged(list: Replications | undefined, asked: ReadonlyMap<string, Known<Sounding>>): RegionState[] {
    const now = Date.now();
    const states = judge(list?.replications ?? [], asked, this.behind, now);
    for (const { standing, replication: { name } } of states) {
      if (standing !== 'behind') this.behind.delete(name);
      else if (!this.behind.has(name)) this.behind.set(name, now);
    }
    return states;
  }

  private card(state: RegionState, at: number): TemplateResult {
    const { replication, known, standing } = state;
    const answer = known.state === 'waiting' ? undefined : known.value;
    const { tone } = STANDINGS[standing];
    return html`<li data-tone=${tone} tabindex=${at === this.active ? 0 : -1} aria-label=${`${replication.name}: ${STANDINGS[standing].word}`} @focus=${() => { this.active = at; }}>
      <div class="top"><h3>${safe(replication.name, 60)}</h3>${replication.home ? html`<span class="home" title="The region the registry was created in">home</span>` : nothing}
        ${answer && answer.answer !== 'unreachable' ? html`<span class="number soft" title="Time of the last answer of this region’s own endpoint, as the portal’s server saw it">${answer.milliseconds < 1 ? 'under 1' : Math.round(answer.milliseconds)} ms</span>` : nothing}</div>
      ${this.standing(state)}
      <dl>
        ${answer?.digest ? html`<dt>Digest</dt><dd><portolan-digest .digest=${answer.digest}></portolan-digest></dd>` : nothing}
        <dt>Azure says</dt><dd>${this.said(state)}</dd>
        <dt>Endpoint</dt><dd class="mono">${replication.endpoint ? safe(replication.endpoint, 200) : html`<span class="soft">not known</span>`}</dd>
        <dt>Global traffic</dt><dd>${replication.regionEndpointEnabled ? 'may be led here' : 'is not led here'}</dd>
        ${this.message(state)}
      </dl></li>`;
  }

  private standing({ standing, known, behindFor }: RegionState): TemplateResult {
    const { glyph, word, tone } = STANDINGS[standing];
    const answer = known.state === 'waiting' ? undefined : known.value;
    const more = standing === 'behind' ? behindText(behindFor) : standing === 'throttled' && answer?.retryAfter ? `asks to wait ${answer.retryAfter} s` : '';
    return html`<p class="standing" data-tone=${tone}><span class="glyph" aria-hidden="true">${glyph}</span><span>${word}${more ? html` <span class="more">${more}</span>` : nothing}</span></p>`;
  }

  /** Its words, beside what was measured; where they carry a time, that too. */
  private said({ replication }: RegionState): TemplateResult {
    const { displayStatus, provisioningState, timestamp } = replication;
    const status = displayStatus ?? 'nothing of its content yet';
    return html`${safe(status, 60)}${provisioningState === 'Succeeded' ? nothing : html`, ${safe(provisioningState || 'no provisioning state', 60)}`}
      ${timestamp ? html`<span class="soft">(${time(timestamp)})</span>` : nothing}`;
  }

  private message({ replication, known, standing }: RegionState): unknown {
    const answer = known.state === 'waiting' ? undefined : known.value;
    const notes = [
      known.state === 'failed' ? toFailure(known.error).message : '', TROUBLED.has(standing) ? answer?.message ?? '' : '',
      isSettled(replication) ? '' : replication.message ?? '',
    ];
    return notes.filter(Boolean).map((note) => html`<dd class="message">${safe(note, 300)}</dd>`);
  }

  private none(): TemplateResult {
    return html`<div class="none"><p>Azure lists no replications: the content of this registry is in its home region alone. Others come with:</p>
      <pre tabindex="0">az acr replication create --registry NAME --location japaneast</pre><p class="soft">Replication needs the service tier Premium.</p></div>`;
  }

  private skeleton(): TemplateResult {
    return html`<ul aria-busy="true" aria-label="Reading the regions">${[1, 2, 3].map(() => html`<li>${[1, 2, 3, 4].map(() => html`<span class="skeleton"></span>`)}</li>`)}</ul>`;
  }

  private step(by: number): boolean {
    const cards = [...this.renderRoot.querySelectorAll<HTMLElement>('li[tabindex]')];
    const now = cards.findIndex((card) => card.matches(':focus-within'));
    this.active = now < 0 ? 0 : Math.max(0, Math.min(cards.length - 1, now + by));
    cards[this.active]?.focus();
    this.requestUpdate();
    return cards.length > 0;
  }
}

/** Where a region's own words say more. What is not there yet is no error. */
const TROUBLED = new Set<Standing>(['denied', 'throttled', 'unreachable', 'failed']);

function nameKey(name: ImageName | undefined): string {
  return name ? nameText(name) : '';
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-replicas': Replicas }
}
