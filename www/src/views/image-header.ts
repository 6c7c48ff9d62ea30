import type { Image, ImageConfig } from 'portolan';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ALL_FILES } from '../analysis/files-query';
import { exactBytes, formatBytes, formatCount } from '../analysis/format';
import { imagePlatforms, platformText, referenceDigest } from '../analysis/platforms';
import { formatRoute, regionsRoute, targetSuffix, type RouteOf } from '../analysis/route';
import { artifactType } from '../analysis/tag-facts';
import { cap, visible } from '../analysis/text';
import type { RegistryEntry } from '../data/session';
import { safe, time } from '../ui/safe';
import { shared } from '../ui/shared';
import { go } from '../ui/navigation';
import '../ui/digest-chip';
import './pull-panel';

/** More platforms than this are chosen from a list, not from buttons. */
const BUTTONS = 6;

/** What an image is, in numbers first: size, layers, age, platforms; then how it runs and how to fetch it. */
@customElement('portolan-image-header')
export class ImageHeader extends LitElement {
  static override styles = [shared, css`
    :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; padding-block: 20px 8px; }
    h1 span { color: var(--ink-soft); font-weight: 400; }
    .numbers { display: flex; flex-wrap: wrap; gap: 8px 36px; align-items: end; }
    .numbers dt { color: var(--ink-soft); font-size: var(--size-s); }
    .numbers dd { font-size: 20px; line-height: 1.3; white-space: nowrap; }
    .numbers dd.chip { line-height: 1; padding-bottom: 2px; }
    .platforms { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
    .platforms a {
      border: 1px solid var(--line-strong); border-radius: 999px; padding: 2px 12px; text-decoration: none; background: var(--paper-raised);
    }
    .platforms a[aria-current] { background: var(--water); border-color: var(--ink); font-weight: 600; }
    .runs { color: var(--ink-soft); }
    .runs .mono { color: var(--ink); }
    .moved { color: var(--caution); }
    .block { height: 22px; width: 90px; }
    @media (max-width: 640px) { .numbers { gap: 8px 24px; } .numbers dd { font-size: 17px; } }
  `];

  @property({ attribute: false }) entry!: RegistryEntry;
  @property({ attribute: false }) route!: RouteOf<'image'>;
  /** Undefined while it is read. */
  @property({ attribute: false }) image?: Image;
  /** It could not be read: only the name is shown. */
  @property({ type: Boolean }) failed = false;

  protected override render(): unknown {
    const { image, route } = this;
    const { repository, target } = route;
    const suffix = targetSuffix(target);
    return html`<h1>${safe(repository)}<span>${safe('digest' in target ? cap(suffix, 20) : suffix, 200)}</span></h1>
      ${image ? this.numbers(image) : this.failed ? nothing : this.skeleton()}
      ${image ? html`${this.platforms(image)}${image.config ? this.runs(image.config) : nothing}
        <portolan-pull .entry=${this.entry} .repository=${repository} .target=${target} .digest=${referenceDigest(image)} .platform=${route.platform}
          .artifact=${artifactType(image)}></portolan-pull>` : nothing}`;
  }

  private numbers(image: Image): TemplateResult {
    const { config, layers, size } = image;
    const platforms = imagePlatforms(image).length;
    return html`<dl class="numbers">
      <div><dt>Compressed</dt><dd title=${exactBytes(size)}>${formatBytes(size)}</dd></div>
      <div><dt>${config ? 'Layers' : 'Files'}</dt><dd>${formatCount(layers.length)}</dd></div>
      ${config ? html`<div><dt>Created</dt><dd>${time(config.created)}</dd></div>` : nothing}
      ${platforms > 1 ? html`<div><dt>Platforms</dt><dd>${formatCount(platforms)}</dd></div>` : nothing}
      <div><dt>${image.index ? 'Index digest' : 'Digest'}</dt><dd class="chip"><portolan-digest .digest=${referenceDigest(image)}></portolan-digest></dd></div>
      ${image.index ? html`<div><dt>Digest of this platform</dt><dd class="chip"><portolan-digest .digest=${image.manifest.digest}></portolan-digest></dd></div>` : nothing}
      ${this.entry.azure?.management ? html`<div><dt>Regions</dt><dd class="where"><a href=${formatRoute(regionsRoute(this.route.registry, { repository: this.route.repository, target: this.route.target }))} title="Where it is served (g)">where it is</a></dd></div>` : nothing}
    </dl>
    ${image.manifest.moved || image.index?.moved ? html`<p class="moved">The tag moved while it was read; this is what it names now.</p>` : nothing}`;
  }

  private platforms(image: Image): unknown {
    const { index, platform } = image;
    if (!index) return nothing;
    const known = imagePlatforms(image);
    const chosen = this.route.platform || (platform ? platformText(platform) : '');
    if (known.length > BUTTONS) {
      return html`<label class="platforms">Platform <select @change=${(event: Event) => this.choose((event.target as HTMLSelectElement).value)}>
        ${known.map((name) => html`<option value=${name} ?selected=${name === chosen}>${visible(cap(name, 60))}</option>`)}</select></label>`;
    }
    return html`<nav class="platforms" aria-label="Platform">${known.map((name) => html`
      <a href=${formatRoute({ ...this.route, platform: name, layer: '', files: ALL_FILES })} aria-current=${name === chosen ? 'true' : nothing}>${safe(name, 60)}</a>`)}</nav>`;
  }

  private runs(config: ImageConfig): TemplateResult {
    const command = [...config.entrypoint ?? [], ...config.cmd ?? []].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
    const [platform] = this.image?.index ? [] : this.image ? imagePlatforms(this.image) : [];
    return html`<p class="runs">${platform ? html`For ${safe(platform, 60)}. ` : nothing}${command ? html`Runs <span class="mono">${safe(command, 160)}</span>` : 'Names nothing to run; runs'}
      as ${config.user ? html`<span class="mono">${safe(config.user, 60)}</span>` : 'root'}${config.workingDir ? html` in <span class="mono">${safe(config.workingDir, 100)}</span>` : nothing}.</p>`;
  }

  private skeleton(): TemplateResult {
    return html`<dl class="numbers" aria-busy="true" aria-label="Reading the image">${['Compressed', 'Layers', 'Created', 'Digest'].map((name) => html`
      <div><dt>${name}</dt><dd><span class="skeleton block"></span></dd></div>`)}</dl>`;
  }

  private choose(platform: string): void {
    go({ ...this.route, platform, layer: '', files: ALL_FILES });
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-image-header': ImageHeader }
}
