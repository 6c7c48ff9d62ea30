import type { Manifest } from 'portolan';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { shortDigest } from '../analysis/digest';
import { exactBytes, formatBytes } from '../analysis/format';
import type { DigestRole } from '../analysis/json';
import { formatRoute, imageRoute, type RouteOf } from '../analysis/route';
import { safe } from '../ui/safe';
import { saveBytes } from '../ui/save';
import { shared } from '../ui/shared';
import '../ui/digest-chip';
import './json-tree';

/** The documents behind a reference, the index first, as they are stored. */
@customElement('portolan-manifest')
export class ManifestView extends LitElement {
  static override styles = [shared, css`
    :host { padding-top: 16px; }
    section { display: grid; gap: 8px; margin-bottom: 28px; min-width: 0; }
    .head { display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: center; }
    .head h2 { margin-inline-end: auto; }
  `];

  @property({ attribute: false }) manifests: readonly Manifest[] = [];
  @property({ attribute: false }) route!: RouteOf<'image'>;

  protected override render(): unknown {
    return this.manifests.map((manifest) => this.document(manifest));
  }

  private document(manifest: Manifest): TemplateResult {
    const title = { index: 'Index', image: 'Manifest', opaque: 'Manifest of a type portolan does not know' }[manifest.kind];
    return html`<section aria-label=${title}>
      <div class="head"><h2>${title}</h2><span class="soft mono">${safe(manifest.mediaType)}</span>
        <span class="soft" title=${exactBytes(manifest.size)}>${formatBytes(manifest.size)}</span>
        <portolan-digest .digest=${manifest.digest}></portolan-digest>
        <button type="button" @click=${() => saveBytes([manifest.bytes as BlobPart], `manifest-${shortDigest(manifest.digest)}.json`)}>Download the raw bytes</button></div>
      <portolan-json .bytes=${manifest.bytes} .link=${this.link}></portolan-json></section>`;
  }

  private readonly link = (digest: string, role: DigestRole): string => {
    const { registry, repository } = this.route;
    if (role === 'manifest') return formatRoute(imageRoute(registry, repository, { digest }));
    return formatRoute(role === 'config' ? { ...this.route, tab: 'config', layer: '' } : { ...this.route, tab: 'layers', layer: digest });
  };
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-manifest': ManifestView }
}
