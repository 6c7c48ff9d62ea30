import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatRoute, regionsRoute, repositoriesRoute, type ImageName } from '../analysis/route';
import { formatCount } from '../analysis/format';
import { describeTrouble, type TroubleState } from '../analysis/trouble';
import { azureSource } from '../data/azure';
import { client, signedIn, type RegistryEntry } from '../data/session';
import { Load } from '../data/load';
import { Watch } from '../data/store';
import { icon } from '../ui/icons';
import { safe } from '../ui/safe';
import { shared } from '../ui/shared';
import { sceneOf } from '../ui/trouble';
import '../ui/sign-in';
import './spread';

interface Sounding {
  /** Milliseconds for `GET /v2/`. */
  latency: number;
  authenticated: boolean;
  apiVersion?: string;
}

/** What was found of the catalog: a count (with `more`, at least that many), or why there is none. */
interface Catalog { count: number; more: boolean; problem?: string }

/** One registry: how it is reached, how fast it answers, who we are there, what it offers, and what is wrong. */
@customElement('portolan-registry-card')
export class RegistryCard extends LitElement {
  static override styles = [shared, css`
    :host { display: grid; }
    article {
      position: relative; display: grid; grid-template-rows: auto auto 1fr auto; gap: 10px; padding: 16px 18px; min-height: 172px;
      border: 1px solid var(--line); border-top: 3px solid var(--ink-soft); background: var(--paper-raised); border-radius: var(--radius);
    }
    article[data-trouble] { border-top-color: var(--caution); }
    article:hover { border-color: var(--line-strong); }
    h2 a { text-decoration: none; }
    h2 a::after { content: ''; position: absolute; inset: 0; }
    .top { display: flex; align-items: baseline; gap: 12px; min-width: 0; }
    .top h2 { min-width: 0; overflow-wrap: anywhere; flex: 1; }
    .ping { font-size: var(--size-l); font-variant-numeric: tabular-nums; white-space: nowrap; }
    .ping small { color: var(--ink-soft); font-size: var(--size-s); }
    .address { color: var(--ink-soft); overflow-wrap: anywhere; margin-top: -8px; }
    dl { display: grid; grid-template-columns: 92px 1fr; gap: 2px 12px; align-content: start; }
    dt { color: var(--ink-soft); }
    dd { min-width: 0; overflow-wrap: anywhere; }
    .trouble { display: flex; gap: 8px; color: var(--caution); align-items: start; }
    .trouble svg { margin-top: 2px; }
    .above { position: relative; z-index: 1; }
    .bar { width: 70px; height: 14px; }
  `];

  @property({ attribute: false }) entry!: RegistryEntry;
  private readonly ping = new Load<Sounding>(this);
  private readonly catalog = new Load<Catalog>(this);

  constructor() {
    super();
    new Watch(this, signedIn);
  }

  focusLink(): void {
    this.renderRoot.querySelector('a')?.focus();
  }

  protected override willUpdate(): void {
    const { entry } = this;
    const key = `${entry.id}/${signedIn.value.get(entry.id) ?? ''}`;
    this.ping.run(key, (signal) => sound(entry, signal));
    if (this.ping.current.state === 'ready') this.catalog.run(key, (signal) => findCatalog(entry, signal));
  }

  protected override render(): unknown {
    const { entry } = this;
    const ping = this.ping.current;
    return html`<article data-trouble=${ping.state === 'failed' ? '' : nothing}>
      <div class="top"><h2><a href=${formatRoute(repositoriesRoute(entry.id))}>${safe(entry.name)}</a></h2>${this.latency()}</div>
      <p class="address mono">${safe(entry.address)}</p>
      <dl>
        <dt>Reached</dt><dd>${entry.mode === 'relay' ? 'through this portal’s server' : 'directly from this browser'}${entry.plainHttp ? ', without TLS' : ''}</dd>
        <dt>Signed in</dt><dd>${this.identity()}</dd>
        <dt>Offers</dt><dd>${this.offers()}</dd>
        ${entry.azure?.management ? this.regions(entry.azure.watch) : nothing}
      </dl>
      ${this.trouble()}
    </article>`;
  }

  /** How the newest push spreads, or what Azure says of the regions. */
  private regions(watch = ''): unknown {
    const { id } = this.entry;
    return html`<dt><a class="above" href=${formatRoute(regionsRoute(id))}>${watch ? 'Newest push' : 'Regions'}</a></dt>
      <dd><portolan-spread class="above" .source=${azureSource(id)} .repository=${watch} .link=${(name: ImageName) => formatRoute(regionsRoute(id, name))}></portolan-spread></dd>`;
  }

  private latency(): unknown {
    const ping = this.ping.current;
    if (ping.state === 'ready') {
      return html`<span class="ping" title="Time of one GET /v2/ as this browser saw it">${Math.round(ping.value.latency)} <small>ms</small></span>`;
    }
    if (ping.state === 'failed') return html`<span class="ping soft">${WORDS[describeTrouble(ping.error, sceneOf(this.entry, 'registry')).state] ?? 'no answer'}</span>`;
    return html`<span class="skeleton bar" aria-label="Measuring"></span>`;
  }

  private identity(): unknown {
    const as = this.entry.signedInAs ?? signedIn.value.get(this.entry.id);
    if (as) return safe(as);
    const ping = this.ping.current;
    if (ping.state === 'failed') return html`<span class="soft">no</span>`;
    return ping.state === 'ready' && ping.value.authenticated ? 'yes' : 'no, anonymous';
  }

  private offers(): unknown {
    const found = this.catalog.current;
    if (this.ping.current.state === 'failed') return html`<span class="soft">not known</span>`;
    if (found.state === 'failed') return html`no list of repositories; open one by its name`;
    if (found.state !== 'ready') return html`<span class="skeleton bar"></span>`;
    if (found.value.problem) return html`no list of repositories (${safe(found.value.problem, 80)})`;
    const { count, more } = found.value;
    return html`${more ? 'at least ' : ''}${formatCount(count)} ${count === 1 ? 'repository' : 'repositories'}`;
  }

  private trouble(): unknown {
    const ping = this.ping.current;
    if (ping.state !== 'failed') {
      return this.entry.trouble ? html`<p class="trouble" role="alert">${icon('warning')}<span>The server could not read its credential: ${safe(this.entry.trouble)}</span></p>` : nothing;
    }
    const { title, steps } = describeTrouble(ping.error, sceneOf(this.entry, 'registry'));
    const signIn = this.entry.mode === 'direct' && (ping.error as { kind?: string }).kind !== 'BlockedByBrowser';
    return html`<p class="trouble" role="alert">${icon('warning')}<span>${title}. ${steps.at(-1)}</span></p>
      ${signIn ? html`<portolan-sign-in class="above" .entry=${this.entry}></portolan-sign-in>` : nothing}`;
  }
}

/** One word for the state, where the latency would stand. */
const WORDS: Partial<Record<TroubleState, string>> = { denied: 'denied', busy: 'busy', blocked: 'blocked', refused: 'refused', broken: 'garbled' };

async function sound(entry: RegistryEntry, signal: AbortSignal): Promise<Sounding> {
  const registry = await client(entry);
  const started = performance.now();
  const { apiVersion, authenticated } = await registry.ping({ signal });
  return { latency: performance.now() - started, authenticated, apiVersion };
}

async function findCatalog(entry: RegistryEntry, signal: AbortSignal): Promise<Catalog> {
  const registry = await client(entry);
  for await (const page of registry.repositories({ signal, pageSize: 100 }).pages()) {
    return { count: page.items.length, more: page.items.length >= 100, problem: page.items.length === 0 ? page.truncated?.message : undefined };
  }
  return { count: 0, more: false };
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-registry-card': RegistryCard }
}
