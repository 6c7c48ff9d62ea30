import type { Image } from 'portolan';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ALL_FILES } from '../analysis/files-query';
import { formatCount, plural } from '../analysis/format';
import { layerNames, type LayerName } from '../analysis/layer-names';
import { planSentence, readSoFar } from '../analysis/opening';
import { formatRoute, type RouteOf } from '../analysis/route';
import { filesOf, readOnly, type FilesStore } from '../data/image-files';
import type { RegistryEntry } from '../data/session';
import { LOOKED_AT, SharingStore } from '../data/sharing';
import { Follow } from '../data/store';
import { shared } from '../ui/shared';
import './layer-gaps';
import './layer-stack';

/** The layer stack, with what is known of the files of its layers, and of other tags that share them. */
@customElement('portolan-image-layers')
export class ImageLayers extends LitElement {
  static override styles = [shared, css`
    .offers { display: flex; flex-wrap: wrap; gap: 6px 28px; padding-top: 14px; color: var(--ink-soft); }
    .offers p { display: inline-flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; min-height: 30px; }
    .offers button { min-height: 26px; padding: 1px 10px; font-size: var(--size-s); }
  `];

  @property({ attribute: false }) entry!: RegistryEntry;
  @property({ attribute: false }) route!: RouteOf<'image'>;
  @property({ attribute: false }) image!: Image;
  private files?: FilesStore;
  private tags?: SharingStore;
  private layers: LayerName[] = [];
  private readonly followFiles = new Follow(this);
  private readonly followTags = new Follow(this);

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.tags?.stop();
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    const { entry, route: { repository, platform }, image } = this;
    if (changed.has('image')) {
      this.layers = layerNames(image);
      this.tags?.stop();
      this.tags = new SharingStore(entry, repository, image, platform);
      this.followTags.to(this.tags);
    }
    if (image.layers.length === 0) return;
    this.files = filesOf(entry, repository, image);
    this.followFiles.to(this.files);
    readOnly([this.files]);
    this.files.prepare(false);
  }

  protected override render(): unknown {
    const { image, route } = this;
    const states = this.files?.value.layers ?? [];
    return html`<portolan-layer-gaps .states=${this.files?.value.files ? states : []} @portolan-retry=${() => this.files?.start()}></portolan-layer-gaps>
      ${image.layers.length > 0 ? html`<div class="offers">${this.filesOffer()}${this.tagsOffer()}</div>` : nothing}
      <portolan-layers .image=${image} .chosen=${route.layer} .states=${states} .sharing=${this.tags?.value.sharing} .changesLink=${this.changesLink}></portolan-layers>`;
  }

  private filesOffer(): unknown {
    const { files } = this;
    if (!files) return nothing;
    const { phase, plan, layers, received, total } = files.value;
    const link = html`<a href=${formatRoute({ ...this.route, tab: 'files', layer: '' })}>Files</a>`;
    switch (phase) {
      case 'idle': case 'planning': case 'ready': return nothing;
      case 'asking': return html`<p>What each layer adds, changes and deletes is not known yet. ${plan ? planSentence(plan) : nothing} <button type="button" @click=${() => files.start()}>Read the files</button></p>`;
      case 'reading': return html`<p role="status">${readSoFar(layers, received, total).words}. <button type="button" @click=${() => files.cancel()}>Stop</button></p>`;
      case 'cancelled': return html`<p>Reading the files was stopped. <button type="button" @click=${() => files.start()}>Read on</button></p>`;
      case 'failed': return html`<p>The files could not be read: ${link} says why. <button type="button" @click=${() => files.start()}>Try again</button></p>`;
    }
  }

  private tagsOffer(): unknown {
    const { tags } = this;
    if (!tags || !('tag' in this.route.target)) return nothing;
    const { state, wanted, answered, failed, sharing: { looked, tags: sharedTags, same } } = tags.value;
    const { tag } = this.route.target;
    const button = (words: string): TemplateResult => html`<button type="button" title="Reads the manifests of up to ${LOOKED_AT} tags" @click=${() => void tags.look(tag)}>${words}</button>`;
    if (state === 'looking') return html`<p role="status">Looking at other tags: ${formatCount(answered)} of ${wanted === 0 ? '…' : formatCount(wanted)} <button type="button" @click=${() => tags.stop()}>Stop</button></p>`;
    if (looked === 0 && state === 'idle') return html`<p>${button('Find layers that other tags share')}</p>`;
    const others = same.filter((name) => name !== tag).length;
    return html`<p>${plural(sharedTags.size, 'layer is', 'layers are')} shared with some of the ${plural(looked, 'other tag')} looked at${others > 0 ? `; ${plural(others, 'more is', 'more are')} this very image` : ''}${failed > 0 ? `; ${plural(failed, 'tag')} could not be read` : ''}.
      ${state === 'done' ? nothing : button(`Look at ${LOOKED_AT} tags`)}</p>`;
  }

  private readonly changesLink = (place: number): string => formatRoute({
    ...this.route, tab: 'files', layer: this.layers[place]?.key ?? '', files: ALL_FILES,
  });
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-image-layers': ImageLayers }
}
