import type { Image, Layer } from 'portolan';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { exactBytes, formatBytes, formatCount } from '../analysis/format';
import { artifactType } from '../analysis/tag-facts';
import { shortDigest } from '../analysis/digest';
import { readFile, FILE_LIMIT } from '../data/files';
import type { RegistryEntry } from '../data/session';
import { icon } from '../ui/icons';
import { More } from '../ui/more';
import { safe, safeOrLink } from '../ui/safe';
import { saveBytes } from '../ui/save';
import { shared } from '../ui/shared';
import { troublePanel } from '../ui/trouble';
import '../ui/digest-chip';
import '../ui/long-text';

const TITLE = 'org.opencontainers.image.title';

/** An artifact that is no image: its files with their types, and what its annotations say. */
@customElement('portolan-artifact')
export class ArtifactView extends LitElement {
  static override styles = [shared, css`
    :host { padding-top: 16px; }
    .note { color: var(--ink-soft); padding-bottom: 12px; }
    li { display: grid; grid-template-columns: minmax(0, 1.4fr) minmax(0, 1fr) 150px 84px 120px; gap: 4px 20px; align-items: center; padding: 8px 12px; border-bottom: 1px solid var(--line); }
    li.head { color: var(--ink-soft); font-size: var(--size-s); border-color: var(--line-strong); }
    li .type { overflow-wrap: anywhere; color: var(--ink-soft); }
    li .name { overflow-wrap: anywhere; font-weight: 500; }
    h2 { padding-block: 28px 8px; }
    dl { display: grid; grid-template-columns: minmax(140px, 30%) minmax(0, 1fr); }
    dt, dd { padding: 4px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
    dt { color: var(--ink-soft); padding-inline-end: 16px; }
    @media (max-width: 760px) {
      li { grid-template-columns: minmax(0, 1fr) auto; }
      li button { justify-self: start; }
      li .type { grid-column: 1 / -1; } li.head { display: none; }
      dl { grid-template-columns: 1fr; } dt { border: 0; padding-bottom: 0; }
    }
  `];

  @property({ attribute: false }) entry!: RegistryEntry;
  @property() repository = '';
  @property({ attribute: false }) image!: Image;
  @state() private working = '';
  @state() private failed: { digest: string; error: unknown } | undefined;
  private readonly more = new More(this);

  protected override render(): unknown {
    const { layers, manifest } = this.image;
    const { items, button } = this.more.cut('files', layers);
    const annotations = Object.entries(manifest.annotations);
    return html`<p class="note">This is an artifact of type <span class="mono">${safe(artifactType(this.image) ?? '')}</span>, not an image that runs.</p>
      ${this.failed ? troublePanel(this.entry, this.failed.error, 'file', this.repository, () => { this.failed = undefined; }) : nothing}
      <ul><li class="head" aria-hidden="true"><span>File</span><span>Type</span><span>Digest</span><span class="number">Size</span><span></span></li>
        ${items.map((layer) => this.file(layer))}</ul>${button}
      ${layers.length === 0 ? html`<p class="note">It holds no files: all it says is in its annotations and config.</p>` : nothing}
      ${annotations.length > 0 ? html`<h2>Annotations</h2><dl>${annotations.slice(0, 200).map(([name, value]) => html`
        <dt>${safe(name, 120)}</dt><dd>${value.length > 300 ? html`<portolan-long .text=${value}></portolan-long>` : safeOrLink(value)}</dd>`)}</dl>` : nothing}`;
  }

  private file(layer: Layer): TemplateResult {
    const large = layer.size > FILE_LIMIT;
    const name = layer.annotations[TITLE];
    return html`<li><span class="name">${name ? safe(name, 200) : html`<span class="soft">without a name</span>`}</span>
      <span class="type mono">${safe(layer.mediaType)}</span><portolan-digest .digest=${layer.digest}></portolan-digest>
      <span class="number" title=${exactBytes(layer.size)}>${formatBytes(layer.size)}</span>
      <button type="button" ?disabled=${large || this.working !== ''} title=${large ? `More than ${formatBytes(FILE_LIMIT)}: use the command line` : 'Read, verify, then save'}
        @click=${() => void this.save(layer)}>${icon('download')}${this.working === layer.digest ? 'Reading …' : 'Save'}</button></li>`;
  }

  private async save(layer: Layer): Promise<void> {
    this.working = layer.digest;
    this.failed = undefined;
    try {
      saveBytes(await readFile(this.entry, this.repository, layer), layer.annotations[TITLE] ?? `${shortDigest(layer.digest)}-${formatCount(layer.size)}`);
    } catch (error) {
      this.failed = { digest: layer.digest, error };
    } finally {
      this.working = '';
    }
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-artifact': ArtifactView }
}
