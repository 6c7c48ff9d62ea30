import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatCount, plural } from '../analysis/format';
import { flatLines, groupedLines, type Line } from '../analysis/namespaces';
import { highestVersion } from '../analysis/natural';
import { filterSliced } from '../analysis/order';
import { formatRoute, parseReference, regionsRoute, tagsRoute, imageRoute, type RepositorySort, type RouteOf } from '../analysis/route';
import { DetailQueue } from '../data/queue';
import { repositoryListing, type ListingStore } from '../data/listing';
import { client, type RegistryEntry } from '../data/session';
import { listSentence } from '../ui/list-status';
import { icon } from '../ui/icons';
import { Keys } from '../ui/keys';
import { go } from '../ui/navigation';
import { Rows } from '../ui/rows';
import { rowsStyles } from '../ui/rows-styles';
import { safe } from '../ui/safe';
import { headStyles, shared } from '../ui/shared';
import { Sift } from '../ui/sift';
import { troublePanel } from '../ui/trouble';
import { uncomplain } from '../ui/uncomplain';
import '../ui/search-field';

/** What the first page of tags tells; with `more` there are others, and the highest is not known. */
interface TagCount { count: number; more: boolean; highest?: string }

/** Closed namespaces by registry: going back finds the list as it was. */
const closedByRegistry = new Map<string, Set<string>>();

/** The repositories of a registry: grouped by namespace or flat, of any number. */
@customElement('portolan-repositories')
export class Repositories extends LitElement {
  static override styles = [shared, headStyles, rowsStyles, css`
    :host { --columns: minmax(0, 3fr) 110px minmax(130px, 2fr); }
    .name { display: flex; align-items: center; gap: 8px; min-width: 0; }
    .name a { text-decoration: none; }
    .depth1 { padding-inline-start: 24px; }
    .slot > .tr.namespace { background: var(--paper-sunken); color: var(--ink-soft); }
    .namespace .name { font-weight: 600; }
    .namespace svg { transition: transform 0.12s; }
    .namespace[aria-expanded='true'] svg { transform: rotate(90deg); }
    @media (prefers-reduced-motion: reduce) { .namespace svg { transition: none; } }
    .open-by-name { display: flex; gap: 8px; margin-top: 16px; max-width: 560px; }
    .open-by-name input { flex: 1; }
    .empty { padding-block: 24px; display: grid; gap: 8px; max-width: 680px; }
    [role='treegrid'] { max-width: 1080px; }
    .highest { padding-inline-start: 20px; }
    .highest a { text-decoration: none; }
    @media (max-width: 640px) { :host { --columns: minmax(0, 1fr) auto; } .tr { column-gap: 10px; } .tr > .highest { display: none; } }
  `];

  @property({ attribute: false }) entry!: RegistryEntry;
  @property({ attribute: false }) route!: RouteOf<'repositories'>;
  @state() private lines: Line[] = [];
  private listing?: ListingStore;
  private linesOf = '';
  private readonly sift: Sift = new Sift(this, (listed, order, query) => filterSliced(listed.texts, order, query, this.sift.work));
  private readonly rows = new Rows(this, { height: { wide: 34, narrow: 44 }, narrow: 640, open: (index) => this.open(index) });
  private readonly counts = new DetailQueue<TagCount>((name, signal) => this.countTags(name, signal), () => this.requestUpdate());

  constructor() {
    super();
    new Keys(this, {
      ...this.rows.keys(),
      '/': () => this.renderRoot.querySelector('portolan-search')?.focusField(),
      ArrowRight: () => this.toggleActive(true),
      ArrowLeft: () => this.toggleActive(false),
      g: () => this.regions(),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.counts.stop();
  }

  protected override willUpdate(): void {
    const listing = repositoryListing(this.entry);
    listing.start();
    this.listing = listing;
    const { q, sort } = this.route;
    this.sift.run(listing, q, sort === 'registry' ? 'registry' : 'order', sort === '-name');
    this.arrange();
  }

  protected override updated(): void {
    const names = this.rows.visible.map((index) => this.lines[index]).filter((line) => line?.kind === 'repository');
    this.counts.want(names.map((line) => line?.name ?? ''));
  }

  protected override render(): unknown {
    const { flat, sort } = this.route;
    return html`
      <div class="head"><h1>${safe(this.entry.name)}</h1><span class="soft mono">${safe(this.entry.pullHost)}</span></div>
      <div class="controls">
        <portolan-search label="Search repositories" .value=${this.route.q} @portolan-query=${this.searched}></portolan-search>
        <span class="segments" role="group" aria-label="Grouping">
          <button type="button" aria-pressed=${!flat} @click=${() => this.change({ flat: false })}>By namespace</button>
          <button type="button" aria-pressed=${flat} @click=${() => this.change({ flat: true })}>Flat</button>
        </span>
        <label class="pick">Order <select @change=${this.sorted}>
          ${([['name', 'name, A to Z'], ['-name', 'name, Z to A'], ['registry', 'as the registry lists']] as const).map(([value, words]) => html`
            <option value=${value} ?selected=${value === sort}>${words}</option>`)}
        </select></label>
        ${this.entry.azure?.management ? html`<a class="button" href=${formatRoute(regionsRoute(this.entry.id))} title="Regions of this registry (g)">Replicas</a>` : nothing}
      </div>
      ${this.listing ? listSentence({ listing: this.listing, sift: this.sift, query: this.route.q, noun: ['repository', 'repositories'] }) : nothing}
      ${this.body()}`;
  }

  private body(): unknown {
    const { listed, shown } = this.sift;
    if (listed.state === 'failed') return html`${troublePanel(this.entry, listed.error, 'repositories', undefined, () => this.reload())}${this.openByName()}`;
    if (listed.state === 'loading' && listed.names.length === 0) return this.skeleton();
    if (listed.names.length === 0 && listed.state === 'complete') {
      return html`<div class="empty"><p>This registry has no repositories yet. A repository comes into being with the first push:</p>
        <pre>docker push ${this.entry.pullHost}/team/app:1.0</pre></div>${this.openByName()}`;
    }
    if (shown.length === 0 && this.route.q && !this.sift.busy) {
      return html`<div class="empty"><p>No repository name contains ${safe(this.route.q, 100)}.</p></div>`;
    }
    const { lines } = this;
    return html`<div role="treegrid" aria-label="Repositories" aria-rowcount=${lines.length + 1} aria-busy=${listed.state === 'loading'}>
      <div class="tr thead" role="row" aria-rowindex="1"><span role="columnheader">Repository</span><span role="columnheader" class="number">Tags</span><span role="columnheader" class="highest">Highest version</span></div>
      ${this.rows.render(lines.length, (index) => `${lines[index]?.kind}/${lines[index]?.name}`, (index) => this.row(lines[index] as Line, index))}
    </div>`;
  }

  private row(line: Line, index: number): TemplateResult {
    const active = index === this.rows.active;
    if (line.kind === 'namespace') {
      return html`<div class="tr namespace" role="row" aria-level="1" aria-expanded=${line.open} aria-rowindex=${index + 2} tabindex=${active ? 0 : -1}
        ?data-active=${active} @focus=${() => this.focused(index)} @click=${() => this.toggle(line)}>
        <span role="gridcell" class="name">${icon('chevron')}<span class="clip">${line.name === '' ? 'no namespace' : safe(line.name)}</span></span>
        <span role="gridcell" class="number faint">${plural(line.count, 'repository', 'repositories')}</span><span role="gridcell" class="highest"></span></div>`;
    }
    const href = formatRoute(tagsRoute(this.entry.id, line.name));
    return html`<div class="tr" role="row" aria-level=${line.depth + 1} aria-rowindex=${index + 2} tabindex=${active ? 0 : -1} ?data-active=${active}
      @focus=${() => this.focused(index)} @click=${(event: Event) => this.clicked(event, index)}>
      <span role="gridcell" class=${`name depth${line.depth}`}><a class="clip" tabindex="-1" href=${href} title=${line.name}>${safe(line.label, 200)}</a></span>
      <span role="gridcell" class="number soft">${this.tagCount(line.name)}</span>
      <span role="gridcell" class="highest clip soft">${this.highest(line.name)}</span></div>`;
  }

  private tagCount(name: string): unknown {
    const detail = this.counts.get(name);
    if (!detail) return html`<span aria-hidden="true">·</span>`;
    if (detail.state === 'failed') return html`<span title="The registry did not tell the tags">–</span>`;
    if (detail.state !== 'ready') return nothing;
    const { count, more } = detail.value;
    return html`<span title=${more ? `at least ${count}` : nothing}>${more ? '≥ ' : ''}${formatCount(count)}</span>`;
  }

  private highest(name: string): unknown {
    const detail = this.counts.get(name);
    const tag = detail?.state === 'ready' ? detail.value.highest : undefined;
    if (!tag) return nothing;
    return html`<a tabindex="-1" href=${formatRoute(imageRoute(this.entry.id, name, { tag }))}>${safe(tag, 80)}</a>`;
  }

  private openByName(): TemplateResult {
    return html`<form class="open-by-name" @submit=${this.openNamed}>
      <input name="reference" aria-label="Open a repository by its name" placeholder="or open one by name: team/app, team/app:1.0" spellcheck="false" required @input=${uncomplain} />
      <button>Open</button></form>`;
  }

  private skeleton(): TemplateResult {
    const widths = ['34%', '22%', '28%', '40%', '25%', '31%', '20%', '36%'];
    return html`<div aria-busy="true" aria-label="Loading the repositories"><div class="tr thead"><span>Repository</span><span class="number">Tags</span></div>
      ${widths.map(() => html`<div class="tr loading"><span class="skeleton line"></span></div>`)}</div>`;
  }

  /** Lines are made anew only when the sifted list, the grouping or a closed namespace changed. */
  private arrange(): void {
    const closed = this.route.q ? new Set<string>() : this.closed();
    const key = `${this.sift.revision}/${this.route.flat}/${[...closed].join()}`;
    if (key === this.linesOf) return;
    this.linesOf = key;
    const names = this.sift.names();
    this.lines = this.route.flat ? flatLines(names) : groupedLines(names, closed);
  }

  private closed(): Set<string> {
    const known = closedByRegistry.get(this.entry.id);
    if (known) return known;
    const created = new Set<string>();
    closedByRegistry.set(this.entry.id, created);
    return created;
  }

  private toggle(line: Line): void {
    if (this.route.q) return;
    const closed = this.closed();
    if (!closed.delete(line.name)) closed.add(line.name);
    this.requestUpdate();
  }

  private toggleActive(open: boolean): boolean {
    const line = this.lines[this.rows.active];
    if (!this.rows.hasFocus() || line?.kind !== 'namespace' || line.open === open) return false;
    this.toggle(line);
    return true;
  }

  private open(index: number): void {
    const line = this.lines[index];
    if (line?.kind === 'namespace') this.toggle(line);
    else if (line) go(tagsRoute(this.entry.id, line.name));
  }

  private clicked(event: Event, index: number): void {
    if (!event.composedPath().some((node) => node instanceof HTMLAnchorElement)) this.open(index);
  }

  private focused(index: number): void {
    this.rows.active = index;
    this.requestUpdate();
  }

  private searched(event: CustomEvent<string>): void {
    this.change({ q: event.detail });
  }

  private sorted(event: Event): void {
    this.change({ sort: (event.target as HTMLSelectElement).value as RepositorySort });
  }

  private change(change: Partial<RouteOf<'repositories'>>): void {
    go({ ...this.route, ...change }, { replace: true });
  }

  private reload(): void {
    repositoryListing(this.entry).reload();
    this.requestUpdate();
  }

  private regions(): boolean {
    if (this.entry.azure?.management) go(regionsRoute(this.entry.id));
    return this.entry.azure?.management === true;
  }

  private openNamed(event: SubmitEvent): void {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).elements.namedItem('reference') as HTMLInputElement;
    const parsed = parseReference(field.value);
    field.setCustomValidity(parsed ? '' : 'A repository name is lower case, such as team/app');
    if (!parsed) {
      field.reportValidity();
      return;
    }
    const { repository, target } = parsed;
    go(target ? imageRoute(this.entry.id, repository, target) : tagsRoute(this.entry.id, repository));
  }

  private async countTags(name: string, signal: AbortSignal): Promise<TagCount> {
    const registry = await client(this.entry);
    for await (const page of registry.tags(name, { signal, pageSize: 100 }).pages()) {
      // Only Link decides whether there is more; a full page is all this list may cost.
      const more = page.items.length >= 100;
      return { count: page.items.length, more, highest: more ? undefined : highestVersion(page.items) };
    }
    return { count: 0, more: false };
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-repositories': Repositories }
}
