import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { exactBytes, formatBytes } from '../analysis/format';
import { filterSliced } from '../analysis/order';
import { compareRoute, formatRoute, imageRoute, tagsRoute, type RouteOf, type TagSort, type TagsShow } from '../analysis/route';
import { azureSource } from '../data/azure';
import type { TagFacts } from '../analysis/tag-facts';
import { pinnedReference, pullCommands } from '../analysis/pull';
import { visible } from '../analysis/text';
import { describeTrouble } from '../analysis/trouble';
import { tagListing, type ListingStore } from '../data/listing';
import { DetailQueue, type Detail } from '../data/queue';
import type { RegistryEntry } from '../data/session';
import { readFacts, tagDetails } from '../data/tag-details';
import { copyText } from '../ui/copy-button';
import { Keys } from '../ui/keys';
import { layerStrip } from '../ui/layer-strip';
import { listSentence } from '../ui/list-status';
import { go } from '../ui/navigation';
import { Rows } from '../ui/rows';
import { rowsStyles } from '../ui/rows-styles';
import { safe, time } from '../ui/safe';
import { headStyles, shared } from '../ui/shared';
import { Sift } from '../ui/sift';
import { sceneOf, troublePanel } from '../ui/trouble';
import { tagStyles } from './tags-styles';
import '../ui/copy-button';
import '../ui/digest-chip';
import '../ui/search-field';
import './untagged';

const ORDERS: readonly [TagSort, string][] = [['-version', 'version, newest first'], ['version', 'version, oldest first'], ['registry', 'as the registry lists']];

/** The tags of a repository, of any number; what they name is read for the rows in view only. */
@customElement('portolan-tags')
export class Tags extends LitElement {
  static override styles = [shared, headStyles, rowsStyles, tagStyles];

  @property({ attribute: false }) entry!: RegistryEntry;
  @property({ attribute: false }) route!: RouteOf<'tags'>;
  private listing?: ListingStore;
  private queue?: DetailQueue<TagFacts>;
  private queueOf = '';
  private readonly sift: Sift = new Sift(this, (listed, order, query) => filterSliced(listed.texts, order, query, this.sift.work));
  private readonly rows = new Rows(this, { height: { wide: 38, narrow: 96 }, narrow: 860, open: (index) => this.open(index) });

  constructor() {
    super();
    new Keys(this, {
      ...this.rows.keys(),
      '/': () => this.renderRoot.querySelector('portolan-search')?.focusField(),
      y: () => this.copyPinned(),
      r: () => this.reload(),
      x: () => this.rows.hasFocus() && this.tick(this.sift.name(this.rows.active)),
      c: () => this.compare(),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.queue?.stop();
  }

  protected override willUpdate(): void {
    const { entry, route: { repository, q, sort } } = this;
    this.listing = tagListing(entry, repository);
    this.listing.start();
    this.sift.run(this.listing, q, sort === 'registry' ? 'registry' : 'order', sort === '-version');
    const key = `${entry.id}/${repository}`;
    if (key !== this.queueOf) {
      this.queue?.stop();
      this.queueOf = key;
      this.queue = new DetailQueue((tag, signal) => readFacts(entry, repository, tag, '', signal), () => this.requestUpdate(), tagDetails(entry, repository));
    }
  }

  protected override updated(): void {
    this.queue?.want(this.rows.visible.map((index) => this.sift.name(index)));
  }

  protected override render(): unknown {
    const { repository, q, sort } = this.route;
    return html`
      <div class="head"><h1>${safe(repository)}</h1><span class="soft mono">${safe(`${this.entry.pullHost}/${repository}`)}
        <portolan-copy .text=${`${this.entry.pullHost}/${repository}`} what="the repository’s name"></portolan-copy></span></div>
      ${this.entry.azure ? this.kinds() : nothing}
      ${this.route.show === 'untagged' && this.entry.azure ? this.untagged() : html`<div class="controls">
        <portolan-search label="Search tags" .value=${q} @portolan-query=${this.searched}></portolan-search>
        <label class="pick">Order <select @change=${this.sorted}>
          ${ORDERS.map(([value, words]) => html`<option value=${value} ?selected=${value === sort}>${words}</option>`)}
        </select></label>
        <button type="button" title="Read the tags again (r)" @click=${this.reload}>Refresh</button>
        ${this.comparing()}
      </div>
      ${this.listing ? listSentence({ listing: this.listing, sift: this.sift, query: q, noun: ['tag', 'tags'] }) : nothing}
      ${this.body()}`}`;
  }

  /** ACR tells of manifests that no tag names. */
  private kinds(): TemplateResult {
    const { registry, repository, show } = this.route;
    const link = (to: TagsShow, words: string): TemplateResult => html`<a href=${formatRoute({ ...tagsRoute(registry, repository), show: to })} aria-current=${show === to ? 'page' : nothing}>${words}</a>`;
    return html`<nav class="kinds" aria-label="What to list">${link('tags', 'Tags')}${link('untagged', 'Untagged manifests')}</nav>`;
  }

  private untagged(): TemplateResult {
    const { registry, repository } = this.route;
    return html`<portolan-untagged .source=${azureSource(registry)} .repository=${repository} .link=${(digest: string) => formatRoute(imageRoute(registry, repository, { digest }))}></portolan-untagged>`;
  }

  /** What was ticked, and the way to compare it. */
  private comparing(): unknown {
    const { ticked } = this.route;
    const [left, right] = ticked;
    return html`<span class="comparing"><button type="button" ?disabled=${ticked.length < 2} title="Compare the two ticked tags (c)" @click=${this.compare}>Compare</button>
      <span class="soft" role="status">${left === undefined ? 'Tick two tags to compare them.' : html`${safe(left, 40)} ${right === undefined ? 'and one more' : html`and ${safe(right, 40)}`}`}</span></span>`;
  }

  private body(): unknown {
    const { listed, shown } = this.sift;
    const { repository, q } = this.route;
    if (listed.state === 'failed') return troublePanel(this.entry, listed.error, `tags of ${repository}`, repository, () => this.reload());
    if (listed.state === 'loading' && listed.names.length === 0) return this.skeleton();
    if (listed.names.length === 0 && listed.state === 'complete') {
      return html`<div class="empty"><p>This repository has no tags. Its images, if it has any, can be opened by digest. A tag comes with a push:</p>
        <pre>docker push ${this.entry.pullHost}/${repository}:1.0</pre></div>`;
    }
    if (shown.length === 0 && q && !this.sift.busy) return html`<div class="empty"><p>No tag contains ${safe(q, 100)}.</p></div>`;
    return html`<div role="grid" aria-label="Tags" aria-rowcount=${shown.length + 1} aria-busy=${listed.state === 'loading'}>
      ${this.header()}
      ${this.rows.render(shown.length, (index) => this.sift.name(index), (index) => this.row(index))}</div>`;
  }

  private header(): TemplateResult {
    const { sort } = this.route;
    const order = sort === 'registry' ? 'none' : sort === 'version' ? 'ascending' : 'descending';
    return html`<div class="tr thead" role="row" aria-rowindex="1"><span role="columnheader"><span class="visually-hidden">Compare</span></span>
      <span role="columnheader" aria-sort=${order}><button class="plain" type="button" @click=${() => this.change({ sort: sort === '-version' ? 'version' : '-version' })}>
        Tag <span aria-hidden="true">${order === 'none' ? '' : order === 'ascending' ? '↑' : '↓'}</span></button></span>
      <span role="columnheader">Digest</span><span role="columnheader">Platforms</span><span role="columnheader">Layers</span>
      <span role="columnheader" class="number">Size</span><span role="columnheader">Created</span><span role="columnheader"><span class="visually-hidden">Copy</span></span></div>`;
  }

  private row(index: number): TemplateResult {
    const tag = this.sift.name(index);
    const active = index === this.rows.active;
    const detail = this.queue?.get(tag);
    const { entry, route: { repository } } = this;
    const artifact = detail?.state === 'ready' ? detail.value.artifact : undefined;
    const [pull] = pullCommands({ host: entry.pullHost, repository, target: { tag }, plainHttp: entry.plainHttp, artifact });
    return html`<div class="tr" role="row" aria-rowindex=${index + 2} tabindex=${active ? 0 : -1} ?data-active=${active}
      @focus=${() => this.focused(index)} @click=${(event: Event) => this.clicked(event, index)}>
      <span role="gridcell" class="tick"><input type="checkbox" tabindex="-1" .checked=${this.route.ticked.includes(tag)} title="Tick to compare (x)" aria-label=${`Compare ${visible(tag)}`}
        @change=${() => this.tick(tag)} /></span>
      <span role="gridcell" class="tag"><a class="clip" tabindex="-1" href=${formatRoute(imageRoute(entry.id, repository, { tag }))} title=${visible(tag)}>${safe(tag)}</a></span>
      ${this.facts(detail, index)}
      <span role="gridcell" class="copy"><portolan-copy .text=${pull?.command ?? ''} what=${`${pull?.name} pull command`}></portolan-copy></span>
    </div>`;
  }

  private facts(detail: Detail<TagFacts> | undefined, index: number): TemplateResult {
    if (!detail || detail.state === 'loading') {
      return html`${['digest', 'platforms', 'layers', 'size', 'created'].map((cell) => html`<span role="gridcell" class=${cell}><span class="skeleton"></span></span>`)}`;
    }
    if (detail.state === 'failed') {
      const { title, detail: words, state } = describeTrouble(detail.error, sceneOf(this.entry, 'manifest behind this tag', this.route.repository));
      return html`<span role="gridcell" class="failed" data-state=${state} title=${words}>${title}</span>`;
    }
    const { digest, platforms, layers, size, created, artifact } = detail.value;
    return html`
      <span role="gridcell" class=${`digest ${this.bracket(index, digest)}`}><portolan-digest .digest=${digest}></portolan-digest></span>
      <span role="gridcell" class="platforms clip" title=${visible(artifact ?? platforms.join(', '))}>${artifact ? html`<i>${safe(shortType(artifact), 60)}</i>` : platformList(platforms)}</span>
      <span role="gridcell" class="layers">${layers.length > 0 ? layerStrip(layers) : nothing}</span>
      <span role="gridcell" class="size number" title=${size === undefined ? nothing : exactBytes(size)}>${size === undefined ? '–' : formatBytes(size)}</span>
      <span role="gridcell" class="created">${time(created)}</span>`;
  }

  /** Neighbours with the same digest are one image: a bracket joins them. */
  private bracket(index: number, digest: string): string {
    const same = (at: number): boolean => {
      if (at < 0 || at >= this.sift.shown.length) return false;
      const detail = this.queue?.get(this.sift.name(at));
      return detail?.state === 'ready' && detail.value.digest === digest;
    };
    return `${same(index - 1) ? 'same-above' : ''} ${same(index + 1) ? 'same-below' : ''}`;
  }

  private skeleton(): TemplateResult {
    return html`<div aria-busy="true" aria-label="Loading the tags">${this.header()}
      ${[72, 58, 64, 80, 50, 66, 74, 60].map(() => html`<div class="tr loading"><span class="skeleton"></span><span class="skeleton"></span><span class="skeleton"></span></div>`)}</div>`;
  }

  private open(index: number): void {
    go(imageRoute(this.entry.id, this.route.repository, { tag: this.sift.name(index) }));
  }

  private clicked(event: Event, index: number): void {
    if (!event.composedPath().some((node) => node instanceof HTMLAnchorElement || node instanceof HTMLButtonElement || (node instanceof Element && node.classList.contains('tick')))) this.open(index);
  }

  /** At the most two are ticked: the one ticked first gives way. */
  private tick(tag: string): boolean {
    const { ticked } = this.route;
    this.change({ ticked: ticked.includes(tag) ? ticked.filter((one) => one !== tag) : [...ticked.slice(-1), tag] });
    return true;
  }

  /** The first one ticked is the left one. With fewer than two, the row with the focus is ticked. */
  private compare(): boolean {
    const { registry, repository, ticked: [left, right] } = this.route;
    if (left !== undefined && right !== undefined) go(compareRoute(registry, { repository, target: { tag: left } }, { repository, target: { tag: right } }));
    else if (this.rows.hasFocus()) return this.tick(this.sift.name(this.rows.active));
    return true;
  }

  private focused(index: number): void {
    this.rows.active = index;
    this.requestUpdate();
  }

  private copyPinned(): boolean {
    const detail = this.queue?.get(this.sift.name(this.rows.active));
    if (detail?.state !== 'ready') return false;
    void copyText(pinnedReference(this.entry.pullHost, this.route.repository, detail.value.digest));
    return true;
  }

  private searched(event: CustomEvent<string>): void {
    this.change({ q: event.detail });
  }

  private sorted(event: Event): void {
    this.change({ sort: (event.target as HTMLSelectElement).value as TagSort });
  }

  private change(change: Partial<RouteOf<'tags'>>): void {
    go({ ...this.route, ...change }, { replace: true });
  }

  private reload(): void {
    tagDetails(this.entry, this.route.repository).clear();
    this.listing?.reload();
    this.requestUpdate();
  }
}

/** All of few, the first of many. */
function platformList(platforms: readonly string[]): unknown {
  if (platforms.length === 0) return html`<span class="soft">not told</span>`;
  const shown = platforms.slice(0, 2).join(', ');
  return html`${safe(shown, 80)}${platforms.length > 2 ? html` <span class="soft">+${platforms.length - 2}</span>` : nothing}`;
}

/** `application/vnd.cncf.helm.chart.v1+json` as `vnd.cncf.helm.chart.v1+json`: what tells it apart comes first. */
function shortType(type: string): string {
  return type.replace(/^application\//, '');
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-tags': Tags }
}
