import type { Image } from 'portolan';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ALL_FILES, type FilesQuery } from '../analysis/files-query';
import { layerNames, layerOfKey, type LayerName } from '../analysis/layer-names';
import { readSoFar } from '../analysis/opening';
import { formatRoute, type RouteOf } from '../analysis/route';
import { filesOf, readOnly, type FilesStore } from '../data/image-files';
import type { RegistryEntry } from '../data/session';
import { Follow } from '../data/store';
import { go } from '../ui/navigation';
import { shared } from '../ui/shared';
import './files';
import './layer-gaps';
import './opening';
import './waste';

/** The tabs of an image that need its files: it opens them, says what is missing, and ties the views to the address. */
@customElement('portolan-image-files')
export class ImageFilesView extends LitElement {
  static override styles = [shared, css`.none { padding-top: 20px; }`];

  @property({ attribute: false }) entry!: RegistryEntry;
  @property({ attribute: false }) route!: RouteOf<'image'>;
  @property({ attribute: false }) image!: Image;
  private store?: FilesStore;
  private layers: LayerName[] = [];
  private readonly follow = new Follow(this);

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('image')) this.layers = layerNames(this.image);
    const { entry, route: { repository }, image } = this;
    if (image.layers.length === 0) return;
    this.store = filesOf(entry, repository, image);
    this.follow.to(this.store);
    readOnly([this.store]);
    this.store.prepare(true);
  }

  protected override render(): unknown {
    const { entry, route, image, store } = this;
    if (image.layers.length === 0) return html`<p class="soft none">This image has no layers, and so no files: all it says is in its config.</p>`;
    if (!store) return nothing;
    const { files } = store.value;
    if (!files) return html`<portolan-opening .entry=${entry} .repository=${route.repository} .stores=${[store]}></portolan-opening>`;
    return html`<portolan-layer-gaps .states=${store.value.layers} @portolan-retry=${() => store.start()}></portolan-layer-gaps>${store.value.phase === 'reading' ? html`<p class="soft none" role="status">Not all layers are read yet: ${this.soFar(store)}.</p>` : nothing}
      ${route.tab === 'waste' ? this.waste() : this.files()}`;
  }

  private soFar(store: FilesStore): string {
    const { layers, received, total } = store.value;
    return readSoFar(layers, received, total).words;
  }

  private files(): unknown {
    const { route, store, layers } = this;
    const layer = layerOfKey(layers, route.layer)?.place;
    return html`<portolan-files .files=${store?.value.files} .layers=${layers} .query=${route.files} .layer=${layer} .revision=${store?.value.revision ?? 0}
      @portolan-files=${(event: CustomEvent<Partial<FilesQuery>>) => this.change(event.detail)}
      @portolan-layer=${(event: CustomEvent<number | undefined>) => this.choose(event.detail)}></portolan-files>`;
  }

  private waste(): unknown {
    const { store, layers } = this;
    return html`<portolan-waste .files=${store?.value.files} .layers=${layers} .revision=${store?.value.revision ?? 0} .link=${this.link}></portolan-waste>`;
  }

  /** Choosing is a step back in the history where something is opened; typing and filtering are not. */
  private change(part: Partial<FilesQuery>): void {
    const { route } = this;
    const opens = part.path !== undefined && part.path !== route.files.path;
    go({ ...route, files: { ...route.files, ...part } }, { replace: !opens });
  }

  private choose(place: number | undefined): void {
    const { route, layers } = this;
    const layer = place === undefined ? '' : layers[place]?.key ?? '';
    go({ ...route, layer, files: { ...route.files, changes: [], q: '' } }, { replace: true });
  }

  private readonly link = ({ path, layer }: { path?: string; layer?: number }): string => {
    const { route, layers } = this;
    const changes = path === undefined ? [] : ['deleted' as const];
    return formatRoute({ ...route, tab: 'files', layer: layer === undefined ? '' : layers[layer]?.key ?? '', files: { ...ALL_FILES, path: path ?? '', changes } });
  };
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-image-files': ImageFilesView }
}
