import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { AzureSettings, Usage, Usages } from '../analysis/azure';
import { azureTrouble } from '../analysis/azure-trouble';
import { exactBytes, formatBytes, formatCount, formatShare } from '../analysis/format';
import type { AzureSource } from '../data/azure';
import { Load } from '../data/load';
import { safe, time } from '../ui/safe';
import { shared } from '../ui/shared';
import { vars } from '../ui/vars';
import '../ui/trouble-panel';

/** From this share of a limit on it is worth a warning. */
const NEAR = 0.9;

/** What a registry in Azure uses of what its tier allows, and how it is set up. */
@customElement('portolan-usages')
export class UsagesView extends LitElement {
  static override styles = [shared, css`
    :host { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 28px 40px; align-items: start; }
    section { display: grid; gap: 8px; min-width: 0; }
    table { width: 100%; border-collapse: collapse; }
    th { text-align: start; font-weight: 400; color: var(--ink-soft); font-size: var(--size-s); padding: 3px 12px 3px 0; border-bottom: 1px solid var(--line-strong); }
    td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
    th:last-child, td:last-child { padding-inline-end: 0; }
    th.number, td.number { text-align: end; }
    .share { width: 30%; min-width: 90px; }
    .bar { display: block; height: 8px; border: 1px solid var(--line); position: relative; margin-bottom: 2px; }
    .bar i { position: absolute; inset: 0 auto 0 0; width: var(--part); background: var(--kind-run); }
    .near { color: var(--caution); font-weight: 600; }
    dl { display: grid; grid-template-columns: 150px minmax(0, 1fr); gap: 4px 12px; }
    dt { color: var(--ink-soft); }
    dd { overflow-wrap: anywhere; }
    .skeleton { height: 96px; }
  `];

  @property({ attribute: false }) source!: AzureSource;
  private readonly usages = new Load<Usages>(this);
  private readonly settings = new Load<AzureSettings>(this);
  private sources = 0;
  private last?: AzureSource;

  protected override willUpdate(): void {
    const { source } = this;
    if (source !== this.last) this.sources += 1;
    this.last = source;
    this.usages.run(String(this.sources), (signal) => source.usages(signal));
    this.settings.run(String(this.sources), (signal) => source.settings(signal));
  }

  protected override render(): unknown {
    return html`<section><h2>Usage and limits</h2>${part(this.usages, 'usage', ({ usages }) => this.table(usages))}</section>
      <section><h2>Settings</h2>${part(this.settings, 'settings', (settings) => this.facts(settings))}</section>`;
  }

  private table(usages: readonly Usage[]): TemplateResult {
    if (usages.length === 0) return html`<p class="soft">Azure tells no usage of this registry.</p>`;
    return html`<table><thead><tr><th scope="col">What</th><th scope="col" class="number">Used</th><th scope="col" class="number">Limit</th><th scope="col" class="share">Share</th></tr></thead>
      <tbody>${usages.map((usage) => this.row(usage))}</tbody></table>`;
  }

  private row({ name, limit, current, unit }: Usage): TemplateResult {
    const bytes = unit === 'Bytes';
    const text = (value: number): string => (bytes ? formatBytes(value) : formatCount(value));
    const title = (value: number): unknown => (bytes ? exactBytes(value) : nothing);
    const part = limit ? Math.min(1, current / limit) : 0;
    return html`<tr><td>${safe(name, 80)}</td><td class="number" title=${title(current)}>${text(current)}</td>
      <td class="number" title=${limit === undefined ? nothing : title(limit)}>${limit === undefined ? html`<span class="soft">none</span>` : text(limit)}</td>
      <td class="share">${limit ? html`<span class="bar"><i ${vars({ '--part': `${(part * 100).toFixed(2)}%` })}></i></span>
        <small class=${part >= NEAR ? 'near' : 'soft'}>${part >= NEAR ? '! ' : ''}${formatShare(current, limit)}</small>` : nothing}</td></tr>`;
  }

  private facts(settings: AzureSettings): TemplateResult {
    const { sku, location, provisioningState, creationDate, adminUserEnabled, anonymousPullEnabled, dataEndpointEnabled, publicNetworkAccess } = settings;
    return html`<dl>
      <dt>Service tier</dt><dd>${safe(sku, 40)}</dd>
      <dt>Home region</dt><dd>${safe(location, 60)}</dd>
      <dt>Azure says</dt><dd>${safe(provisioningState, 60)} <span class="soft">(asked ${time(new Date(settings.readAt).toISOString())})</span></dd>
      <dt>Created</dt><dd>${time(creationDate)}</dd>
      <dt>Admin account</dt><dd>${adminUserEnabled ? 'on: anyone with its password may push' : 'off'}</dd>
      <dt>Anonymous pull</dt><dd>${anonymousPullEnabled ? 'on: everyone may pull' : 'off'}</dd>
      <dt>Data endpoints</dt><dd>${dataEndpointEnabled ? 'of its own in each region' : 'those of Azure storage'}</dd>
      ${publicNetworkAccess ? html`<dt>Public network</dt><dd>${safe(publicNetworkAccess, 40)}</dd>` : nothing}
    </dl>`;
  }
}

/** One source's panel: it fails by itself, and says so. */
function part<T>(load: Load<T>, what: string, show: (value: T) => unknown): unknown {
  const { current } = load;
  if (current.state === 'failed') return html`<portolan-trouble .trouble=${azureTrouble(current.error, what)} @retry=${() => load.retry()}></portolan-trouble>`;
  return current.state === 'ready' ? show(current.value) : html`<span class="skeleton" role="status" aria-label=${`Reading the ${what}`}></span>`;
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-usages': UsagesView }
}
