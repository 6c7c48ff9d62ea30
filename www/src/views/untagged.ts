import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { lockSentence, untagged, type AcrManifest } from '../analysis/azure';
import { exactBytes, formatBytes, formatCount, plural } from '../analysis/format';
import { describeTrouble } from '../analysis/trouble';
import type { AzureSource } from '../data/azure';
import { Load } from '../data/load';
import { icon } from '../ui/icons';
import { safe, time } from '../ui/safe';
import { shared } from '../ui/shared';
import '../ui/digest-chip';
import '../ui/trouble-panel';

/** Manifests that are read before somebody asks for more, and that are drawn at once. */
const READ = 1_000;
const DRAWN = 200;

interface Listed { manifests: AcrManifest[]; more: boolean }

/** Manifests of a repository that no tag names: what nothing leads to, and parts of an index. */
@customElement('portolan-untagged')
export class Untagged extends LitElement {
  static override styles = [shared, css`
    :host { display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr); padding-top: 16px; }
    .headline { display: flex; flex-wrap: wrap; gap: 2px 14px; align-items: baseline; }
    .headline strong { font-size: 34px; line-height: 1.15; font-weight: 650; letter-spacing: -0.02em; }
    .headline p { font-size: var(--size-l); flex: 1 1 260px; }
    table { width: 100%; border-collapse: collapse; max-width: 1080px; }
    caption { text-align: start; padding-block: 12px 4px; font-weight: 600; font-size: var(--size-l); }
    th { text-align: start; font-weight: 400; color: var(--ink-soft); font-size: var(--size-s); padding: 3px 16px 3px 0; border-bottom: 1px solid var(--line-strong); }
    td { padding: 5px 16px 5px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
    th.number, td.number { text-align: end; }
    .lock { color: var(--caution); display: inline-flex; gap: 4px; align-items: center; }
    .skeleton { height: 34px; }
    @media (max-width: 640px) { .wide { display: none; } th, td { padding-inline-end: 10px; } }
  `];

  @property({ attribute: false }) source!: AzureSource;
  @property() repository = '';
  /** Makes an address of a manifest's page. */
  @property({ attribute: false }) link?: (digest: string) => string;
  private readonly load = new Load<Listed>(this);
  private limit = READ;

  protected override willUpdate(): void {
    const { source, repository, limit } = this;
    this.load.run(`${repository} ${limit}`, (signal) => readAll(source, repository, limit, signal));
  }

  protected override render(): unknown {
    const { current } = this.load;
    if (current.state === 'failed') {
      const scene = { what: 'manifests of the repository', mode: 'relay', registryHost: 'the registry', scope: `repository:${this.repository}:metadata_read` } as const;
      return html`<portolan-trouble .trouble=${{ ...describeTrouble(current.error, scene), remedy: undefined }} @retry=${() => this.load.retry()}></portolan-trouble>`;
    }
    if (current.state !== 'ready') return html`<div role="status" aria-label="Reading the manifests">${[1, 2, 3, 4].map(() => html`<p><span class="skeleton"></span></p>`)}</div>`;
    const { manifests, more } = current.value;
    const { parts, loose } = untagged(manifests);
    return html`${this.headline(loose, manifests.length, more)}
      ${loose.length > 0 ? this.table('Nothing leads to them', loose) : nothing}
      ${parts.length > 0 ? this.table('Parts of an index that is there', parts) : nothing}`;
  }

  private headline(loose: readonly AcrManifest[], total: number, more: boolean): TemplateResult {
    const size = loose.reduce((sum, { imageSize = 0 }) => sum + imageSize, 0);
    return html`<div class="headline"><strong>${more ? 'at least ' : ''}${formatCount(loose.length)}</strong>
      <p>${loose.length === 1 ? 'manifest has' : 'manifests have'} no tag and ${loose.length === 1 ? 'is' : 'are'} in no index${loose.length > 0 ? html`; the sizes add up to <span title=${exactBytes(size)}>${formatBytes(size)}</span>, with what they share counted each time` : nothing}.</p></div>
      <p class="soft">${plural(total, 'manifest')} ${more ? html`read, the newest first; there are more. <button type="button" @click=${this.readMore}>Read ${formatCount(READ)} more</button>` : `in all.${loose.length > 0 ? ' Signatures and other referrers have no tag either; deleting what looks loose may take them away.' : ''}`}</p>`;
  }

  private table(title: string, manifests: readonly AcrManifest[]): TemplateResult {
    return html`<table><caption>${title}</caption>
      <thead><tr><th scope="col">Digest</th><th scope="col" class="wide">Platform</th><th scope="col" class="number">Size</th><th scope="col">Arrived</th><th scope="col" class="wide">Locks</th></tr></thead>
      <tbody>${manifests.slice(0, DRAWN).map((manifest) => this.row(manifest))}</tbody></table>
      ${manifests.length > DRAWN ? html`<p class="soft">The newest ${formatCount(DRAWN)} of ${formatCount(manifests.length)} are shown.</p>` : nothing}`;
  }

  private row({ digest, os, architecture, imageSize, createdTime, changeableAttributes }: AcrManifest): TemplateResult {
    const locked = lockSentence(changeableAttributes);
    return html`<tr><td><portolan-digest .digest=${digest}></portolan-digest> ${this.link ? html`<a href=${this.link(digest)} aria-label=${`Open ${digest.slice(0, 19)}`}>open</a>` : nothing}</td>
      <td class="wide">${os ? safe(`${os}/${architecture ?? ''}`, 60) : html`<span class="soft">none</span>`}</td>
      <td class="number" title=${imageSize === undefined ? nothing : exactBytes(imageSize)}>${imageSize === undefined ? '–' : formatBytes(imageSize)}</td>
      <td>${time(createdTime)}</td><td class="wide">${locked ? html`<span class="lock" title=${locked}>${icon('lock')}locked</span>` : html`<span class="soft">none</span>`}</td></tr>`;
  }

  private readMore(): void {
    this.limit += READ;
    this.requestUpdate();
  }
}

async function readAll(source: AzureSource, repository: string, limit: number, signal: AbortSignal): Promise<Listed> {
  const all = new Map<string, AcrManifest>();
  let from: string | undefined;
  for (;;) {
    const { manifests, next } = await source.manifests(repository, from, signal);
    const before = all.size;
    for (const manifest of manifests) all.set(manifest.digest, manifest);
    // A page that brings nothing new would go on for ever.
    if (next === undefined || all.size === before) return { manifests: [...all.values()], more: false };
    if (all.size >= limit) return { manifests: [...all.values()], more: true };
    from = next;
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-untagged': Untagged }
}
