import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Newest, Replications } from '../analysis/azure';
import { duration, plural } from '../analysis/format';
import { arrive, isSettled, type Arrival, type Known } from '../analysis/replicas';
import type { ImageName } from '../analysis/route';
import type { AzureSource } from '../data/azure';
import { Live, Lives } from '../data/live';
import { safe } from '../ui/safe';
import { shared } from '../ui/shared';
import { azureTrouble } from '../analysis/azure-trouble';

/** Milliseconds between two questions: while a push spreads, and otherwise. */
const SPREADING = 1_500;
const STILL = 4_000;
const LIST = 15_000;

/**
 * The newest push to a repository and how it spreads through the regions, in a few lines; with `log`, those before it too, as far as this
 * page saw them. Asks again as long as it is seen.
 */
@customElement('portolan-spread')
export class Spread extends LitElement {
  static override styles = [shared, css`
    :host { display: grid; gap: 4px; }
    .push { display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: baseline; min-width: 0; }
    .push > a, .push > span.name { overflow-wrap: anywhere; font-weight: 500; }
    ul { display: flex; flex-wrap: wrap; gap: 2px 14px; }
    li { display: inline-flex; gap: 5px; align-items: baseline; white-space: nowrap; }
    .glyph { font-family: var(--mono); font-weight: 700; width: 1ch; }
    [data-tone='good'] .glyph { color: var(--good); } [data-tone='caution'] { color: var(--caution); } [data-tone='danger'] { color: var(--danger); }
    ol { display: grid; gap: 6px; }
    ol > li { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0; white-space: normal; border-bottom: 1px solid var(--line); padding-bottom: 6px; }
    .skeleton { height: 14px; width: 180px; }
  `];

  @property({ attribute: false }) source!: AzureSource;
  /** The repository that is followed; without it, only what Azure says of the regions. */
  @property() repository = '';
  /** The pushes before the newest, too. */
  @property({ type: Boolean }) log = false;
  /** Makes an address of a tag's page. */
  @property({ attribute: false }) link?: (name: ImageName) => string;
  private readonly lives = new Lives(this);
  private arrivals: readonly Arrival[] = [];
  private newest = new Map<string, Known<Newest>>();

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('source') || changed.has('repository')) {
      this.lives.keep([]);
      this.arrivals = [];
    }
    const list = this.regions();
    this.newest = new Map(this.repository ? list.map(({ name }) => [name, this.asked(name)]) : []);
    const tags = new Map([...this.newest].flatMap(([region, known]) => (known.state !== 'waiting' && known.value?.tag ? [[region, known.value.tag] as const] : [])));
    this.arrivals = arrive(this.arrivals, this.repository, tags, Date.now());
  }

  protected override render(): unknown {
    const known = this.listed();
    if (known.state === 'waiting') return html`<span class="skeleton" aria-label="Reading the regions"></span>`;
    if (!known.value) return html`<span class="soft">${azureTrouble((known as { error: unknown }).error, 'replications').title}.</span>`;
    const { replications } = known.value;
    const [latest, ...before] = this.arrivals;
    if (!latest) return this.regionList(replications);
    if (!this.log) return this.push(latest, replications);
    return html`<ol>${[latest, ...before].map((arrival) => html`<li>${this.push(arrival, replications)}</li>`)}</ol>`;
  }

  private push(arrival: Arrival, replications: Replications['replications']): TemplateResult {
    const { repository, tag, seen } = arrival;
    const name: ImageName = { repository, target: { tag } };
    const label = safe(`${repository}:${tag}`, 120);
    return html`<div class="push">${this.link ? html`<a href=${this.link(name)}>${label}</a>` : html`<span class="name">${label}</span>`}
      <span class="soft">${this.lag(arrival, replications.length)}</span></div>
      <ul aria-label="Regions that have it">${replications.map((region) => this.mark(region.name, seen.has(region.name), arrival === this.arrivals[0]))}</ul>`;
  }

  private lag({ seen }: Arrival, regions: number): string {
    const times = [...seen.values()];
    const lag = Math.max(...times) - Math.min(...times);
    if (seen.size < regions) return `in ${seen.size} of ${plural(regions, 'region')}`;
    return lag < 500 ? `in all ${plural(regions, 'region')}` : `in all ${plural(regions, 'region')} within ${duration(lag / 1000)}`;
  }

  /** One region: it has it, it has not yet, or its endpoint did not say. What came later took the place of what a region never showed. */
  private mark(region: string, has: boolean, latest: boolean): TemplateResult {
    const known = this.newest.get(region);
    const answer = known && known.state !== 'waiting' ? known.value?.answer : undefined;
    const silent = latest && !has && answer !== undefined && answer !== 'answers' && answer !== 'missing';
    const [glyph, word, tone] = has ? ['✓', 'has it', 'good'] : silent ? ['×', answer, 'danger'] : latest ? ['…', 'not yet', 'caution'] : ['·', 'not seen', ''];
    return html`<li data-tone=${tone || nothing} title=${`${region}: ${word}`}><span class="glyph" aria-hidden="true">${glyph}</span>${safe(region, 40)}<span class="visually-hidden">: ${word}</span></li>`;
  }

  /** Nothing is followed: what Azure says of each region. */
  private regionList(replications: Replications['replications']): TemplateResult {
    if (replications.length === 0) return html`<span>its home region alone</span>`;
    return html`<ul aria-label="Regions">${replications.map((replication) => {
      const fine = isSettled(replication);
      const word = replication.displayStatus ?? replication.provisioningState;
      return html`<li data-tone=${fine ? 'good' : 'caution'}><span class="glyph" aria-hidden="true">${fine ? '✓' : '…'}</span>${safe(replication.name, 40)}
        ${fine ? html`<span class="visually-hidden">: ${safe(word, 40)}</span>` : html`<span>${safe(word, 40)}</span>`}</li>`;
    })}</ul>`;
  }

  private regions(): Replications['replications'] {
    const known = this.listed();
    return known.state === 'waiting' ? [] : known.value?.replications ?? [];
  }

  private listed(): Known<Replications> {
    const { source } = this;
    return this.lives.get('list', () => new Live((signal) => source.replications(signal), () => LIST, () => this.requestUpdate())).current;
  }

  private asked(region: string): Known<Newest> {
    const { source, repository } = this;
    const pace = (value: Newest): number => Math.max((value.retryAfter ?? 0) * 1000, value.answer === 'unreachable' ? LIST : this.isSpreading() ? SPREADING : STILL);
    return this.lives.get(region, () => new Live((signal) => source.newest(region, repository, signal), pace, () => this.requestUpdate())).current;
  }

  private isSpreading(): boolean {
    const [latest] = this.arrivals;
    return latest !== undefined && latest.seen.size < this.newest.size;
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-spread': Spread }
}
