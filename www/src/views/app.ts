import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { formatRoute, nameText, parentRoute, repositoriesRoute, tagsRoute, targetSuffix, type Route } from '../analysis/route';
import { visible } from '../analysis/text';
import { readOnly } from '../data/image-files';
import { findRegistry, loadRegistries, registryList, type RegistryEntry } from '../data/session';
import { Watch } from '../data/store';
import { rose } from '../ui/icons';
import { Keys } from '../ui/keys';
import { go, route, startNavigation } from '../ui/navigation';
import { safe } from '../ui/safe';
import { shared } from '../ui/shared';
import '../ui/theme-toggle';
import type { KeyboardHelp } from './keyboard-help';
import './keyboard-help';
import './registries';
import './repositories';
import './tags';
import './comparison';
import './regions';
import './image';

/** The shell: header, where we are, and the view of the route. */
@customElement('portolan-app')
export class App extends LitElement {
  static override styles = [shared, css`
    header {
      position: sticky; top: 0; z-index: 5; height: var(--header); background: var(--paper); border-bottom: 1px solid var(--line);
    }
    .bar { height: 100%; max-width: var(--page); margin: auto; padding-inline: var(--gutter); display: flex; align-items: center; gap: 10px; }
    .home { display: inline-flex; align-items: center; gap: 8px; font-weight: 600; text-decoration: none; letter-spacing: 0.01em; }
    nav { flex: 1; min-width: 0; }
    nav ol { display: flex; min-width: 0; }
    nav li { display: flex; min-width: 0; white-space: nowrap; }
    /* The repository gives way first: it is the longest, and the heading says it again. */
    nav li { flex-shrink: 0; max-width: 40%; }
    nav li:nth-child(2) { flex-shrink: 1; max-width: none; }
    nav li:only-child { max-width: 100%; }
    nav li::before { content: '/'; color: var(--line-strong); margin-inline: 8px; }
    nav a, nav span { overflow: hidden; text-overflow: ellipsis; text-decoration: none; }
    nav [aria-current] { color: var(--ink-soft); }
    main { max-width: var(--page); margin: auto; padding-inline: var(--gutter); padding-bottom: 64px; min-height: calc(100vh - var(--header)); }
    .skip { position: absolute; inset-inline-start: 8px; top: -60px; background: var(--paper-raised); padding: 8px 12px; z-index: 9; }
    .skip:focus { top: 8px; }
    .note { padding-block: 48px; display: grid; gap: 8px; max-width: 640px; }
    @media (max-width: 640px) {
      .home span { display: none; }
      nav li:first-child::before { margin-inline-start: 2px; }
    }
  `];

  @state() private failed = '';
  @query('portolan-keyboard-help') private help!: KeyboardHelp;

  constructor() {
    super();
    new Watch(this, route, registryList);
    new Keys(this, {
      '?': () => this.help.open(),
      Escape: () => this.up(),
      Backspace: () => this.up(),
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    startNavigation();
    void loadRegistries();
  }

  protected override render(): TemplateResult {
    const at = route.value;
    if (at.view !== 'image' && at.view !== 'compare') readOnly([]);
    document.title = titleOf(at);
    return html`
      <a class="skip" href="#main" @click=${this.skip}>Skip to the content</a>
      <header><div class="bar">
        <a class="home" href="/" aria-label="portolan: all registries">${rose}<span>portolan</span></a>
        <nav aria-label="You are here"><ol>${this.crumbs(at)}</ol></nav>
        <button class="plain" type="button" title="Keyboard map" aria-label="Keyboard map" @click=${() => this.help.open()}><kbd>?</kbd></button>
        <portolan-theme></portolan-theme>
      </div></header>
      <main id="main" tabindex="-1">${this.failed ? html`<p>${this.failed}</p>` : this.view(at)}</main>
      <portolan-keyboard-help></portolan-keyboard-help>`;
  }

  private view(at: Route): unknown {
    if (at.view === 'registries') return html`<portolan-registries></portolan-registries>`;
    if (at.view === 'unknown') return note('There is nothing at this address', html`Start from the <a href="/">registries</a>.`);
    const list = registryList.value;
    if (list.state === 'loading') return nothing;
    if (list.state === 'failed') return html`<portolan-registries></portolan-registries>`;
    const entry = findRegistry(at.registry);
    if (!entry) {
      return note(html`This portal has no registry ${safe(at.registry)}`, html`It was started without it. Those it has are under <a href="/">registries</a>.`);
    }
    return this.registryView(at, entry);
  }

  private registryView(at: Exclude<Route, { view: 'registries' | 'unknown' }>, entry: RegistryEntry): TemplateResult {
    switch (at.view) {
      case 'repositories': return html`<portolan-repositories .entry=${entry} .route=${at}></portolan-repositories>`;
      case 'tags': return html`<portolan-tags .entry=${entry} .route=${at}></portolan-tags>`;
      case 'image': return html`<portolan-image .entry=${entry} .route=${at}></portolan-image>`;
      case 'regions': return html`<portolan-regions .entry=${entry} .route=${at}></portolan-regions>`;
      case 'compare': return html`<portolan-comparison .entry=${entry} .route=${at}></portolan-comparison>`;
    }
  }

  private crumbs(at: Route): unknown {
    if (!('registry' in at)) return nothing;
    const crumbs: [string, Route][] = [[findRegistry(at.registry)?.name ?? at.registry, repositoriesRoute(at.registry)]];
    if ('repository' in at) crumbs.push([at.repository, tagsRoute(at.registry, at.repository)]);
    if (at.view === 'compare') crumbs.push([at.left.repository, tagsRoute(at.registry, at.left.repository)], ['compare', at]);
    if (at.view === 'regions') crumbs.push(...at.name ? [[at.name.repository, tagsRoute(at.registry, at.name.repository)] as [string, Route]] : [], ['replicas', at]);
    if (at.view === 'image') crumbs.push([targetLabel(at.target), at]);
    return crumbs.map(([text, to], index) => html`<li>${index === crumbs.length - 1
      ? html`<span aria-current="page">${safe(text)}</span>`
      : html`<a href=${formatRoute(to)}>${safe(text)}</a>`}</li>`);
  }

  private up(): boolean {
    const parent = parentRoute(route.value);
    if (!parent) return false;
    go(parent);
    return true;
  }

  private skip(event: Event): void {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('main')?.focus();
  }
}

function targetLabel(target: { tag: string } | { digest: string }): string {
  return 'tag' in target ? target.tag : target.digest.slice(0, 19);
}

function titleOf(at: Route): string {
  switch (at.view) {
    case 'registries': case 'unknown': return 'Registries – portolan';
    case 'repositories': return visible(`${findRegistry(at.registry)?.name ?? at.registry} – portolan`);
    case 'tags': return visible(`${at.repository} – portolan`);
    case 'regions': return visible(`${at.name ? `${nameText(at.name)} in the regions` : 'Replicas'} – portolan`);
    case 'compare': return visible(`${nameText(at.left)} and ${nameText(at.right)} – portolan`);
    case 'image': return visible(`${at.repository}${targetSuffix(at.target)} – portolan`);
  }
}

function note(title: unknown, text: unknown): TemplateResult {
  return html`<div class="note"><h1>${title}</h1><p>${text}</p></div>`;
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-app': App }
}
