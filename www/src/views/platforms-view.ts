import type { Descriptor, ImageIndex, Manifest, Platform } from 'portolan';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { exactBytes, formatBytes, formatCount } from '../analysis/format';
import { platformText, sortEntries } from '../analysis/platforms';
import { formatRoute, imageRoute } from '../analysis/route';
import { DetailQueue } from '../data/queue';
import { client, type RegistryEntry } from '../data/session';
import { More } from '../ui/more';
import { safe } from '../ui/safe';
import { shared } from '../ui/shared';
import '../ui/digest-chip';

/** What an index lists: a row for each platform with the size of its image, then what is no image. */
@customElement('portolan-platforms')
export class PlatformsView extends LitElement {
  static override styles = [shared, css`
    :host { padding-top: 16px; }
    table { border-collapse: collapse; width: 100%; }
    th { text-align: start; font-weight: 400; color: var(--ink-soft); font-size: var(--size-s); border-bottom: 1px solid var(--line-strong); padding: 6px 12px; }
    td { border-bottom: 1px solid var(--line); padding: 6px 12px; }
    th.number, td.number { text-align: end; }
    tr[aria-current] td:first-child { box-shadow: inset 3px 0 0 var(--accent); }
    h2 { padding-block: 24px 6px; }
    @media (max-width: 640px) {
      thead { display: none; }
      tr { display: grid; grid-template-columns: 1fr auto; padding: 8px 0; border-bottom: 1px solid var(--line); gap: 2px 12px; align-items: center; }
      td { border: 0; padding: 0 8px; }
      td.layers::after { content: attr(data-noun); }
      td.manifest { display: none; }
    }
  `];

  @property({ attribute: false }) entry!: RegistryEntry;
  @property() repository = '';
  @property({ attribute: false }) index!: ImageIndex;
  /** Digest of the image that the other tabs show. */
  @property() shown = '';
  private queue?: DetailQueue<Manifest>;
  private readonly more = new More(this, 40);

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.queue?.stop();
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('index') && !changed.has('entry')) return;
    const { entry, repository } = this;
    this.queue?.stop();
    this.queue = new DetailQueue(async (digest, signal) => (await client(entry)).manifest(repository, digest, { signal }), () => this.requestUpdate());
  }

  protected override updated(): void {
    this.queue?.want(this.more.cut('images', sortEntries(this.index.manifests).images).items.map((item) => item.digest));
  }

  protected override render(): unknown {
    const { images, attestations, others } = sortEntries(this.index.manifests);
    return html`${this.table('images', images)}
      ${attestations.length > 0 ? html`<h2>Attestations stored beside the images</h2>${this.table('attestations', attestations)}` : nothing}
      ${others.length > 0 ? html`<h2>Entries without a platform</h2>${this.table('others', others)}` : nothing}`;
  }

  private table(name: 'images' | 'attestations' | 'others', entries: readonly Descriptor[]): TemplateResult {
    const { items, button } = this.more.cut(name, entries);
    const first = { images: 'Platform', attestations: 'About', others: 'Type' }[name];
    return html`<table><thead><tr><th scope="col">${first}</th><th scope="col">Digest</th>
        ${name === 'images' ? html`<th scope="col" class="number">Layers</th><th scope="col" class="number">Size</th>` : nothing}
        <th scope="col" class="number">Manifest</th></tr></thead>
      <tbody>${items.map((item) => this.row(name, item))}</tbody></table>${button}`;
  }

  private row(name: string, item: Descriptor): TemplateResult {
    const href = formatRoute(imageRoute(this.entry.id, this.repository, { digest: item.digest }));
    return html`<tr aria-current=${item.digest === this.shown ? 'true' : nothing}>
      <td><a href=${href}>${safe(this.label(name, item), 200)}</a></td>
      <td><portolan-digest .digest=${item.digest}></portolan-digest></td>
      ${name === 'images' ? this.numbers(item) : nothing}
      <td class="number soft manifest" title=${exactBytes(item.size)}>${formatBytes(item.size)}</td></tr>`;
  }

  private label(name: string, item: Descriptor): string {
    if (name === 'images') return platformText(item.platform as Platform) + (item.platform?.osVersion ? ` ${item.platform.osVersion}` : '');
    if (name === 'others') return item.artifactType ?? item.mediaType;
    const subject = item.annotations['vnd.docker.reference.digest'];
    const image = this.index.manifests.find((entry) => entry.digest === subject);
    return image?.platform ? platformText(image.platform) : subject ?? 'an image not named';
  }

  private numbers(item: Descriptor): TemplateResult {
    const detail = this.queue?.get(item.digest);
    if (detail?.state === 'failed') return html`<td class="number soft">–</td><td class="number soft" title="The manifest could not be read">–</td>`;
    if (detail?.state === 'ready' && detail.value.kind !== 'image') return html`<td class="number soft" colspan="2">${detail.value.kind === 'index' ? 'an index of its own' : 'no image'}</td>`;
    if (detail?.state !== 'ready' || detail.value.kind !== 'image') return html`<td class="number soft">·</td><td class="number soft">·</td>`;
    const { layers } = detail.value;
    const size = layers.reduce((sum, layer) => sum + layer.size, 0n);
    return html`<td class="number layers" data-noun=${layers.length === 1 ? ' layer' : ' layers'}>${formatCount(layers.length)}</td><td class="number" title=${exactBytes(size)}>${formatBytes(size)}</td>`;
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-platforms': PlatformsView }
}
