import type { Image, Manifest } from 'portolan';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ALL_FILES } from '../analysis/files-query';
import { plural } from '../analysis/format';
import { referenceDigest, sortEntries } from '../analysis/platforms';
import { pinnedReference } from '../analysis/pull';
import { formatRoute, regionsRoute, tagsRoute, targetSuffix, targetText, type ImageTab, type RouteOf } from '../analysis/route';
import { visible } from '../analysis/text';
import { azureSource } from '../data/azure';
import { openImage, type Opened } from '../data/images';
import { Load } from '../data/load';
import type { RegistryEntry } from '../data/session';
import { copyText } from '../ui/copy-button';
import { Keys } from '../ui/keys';
import { go } from '../ui/navigation';
import { safe } from '../ui/safe';
import { shared } from '../ui/shared';
import type { Tab } from '../ui/tab-list';
import { troublePanel } from '../ui/trouble';
import '../ui/tab-list';
import './artifact-view';
import './attributes';
import './config-view';
import './image-header';
import './image-files';
import './image-layers';
import './manifest-view';
import './platforms-view';
import './referrers-view';

/** One image: its header, and one of its tabs. */
@customElement('portolan-image')
export class ImageView extends LitElement {
  static override styles = [shared, css`
    .lines { display: grid; gap: 14px; padding-top: 24px; }
    .lines .skeleton { height: 18px; }
    .failed { padding-top: 8px; display: grid; gap: 12px; }
    .said { position: fixed; inset-inline: 0; bottom: 24px; display: grid; place-items: center; pointer-events: none; }
    .said span { background: var(--ink); color: var(--paper); padding: 6px 14px; border-radius: var(--radius); max-width: 90vw; overflow-wrap: anywhere; }
  `];

  @property({ attribute: false }) entry!: RegistryEntry;
  @property({ attribute: false }) route!: RouteOf<'image'>;
  private readonly load = new Load<Opened>(this);
  private said = '';

  constructor() {
    super();
    const tab = (at: number) => (): boolean => this.chooseAt(at);
    new Keys(this, { y: () => this.copyPinned(), 1: tab(0), 2: tab(1), 3: tab(2), 4: tab(3), 5: tab(4), 6: tab(5), 7: tab(6), 8: tab(7), g: () => this.regions(), c: () => this.compare() });
  }

  protected override willUpdate(): void {
    const { entry, route: { repository, target, platform } } = this;
    const reference = targetText(target);
    this.load.run([entry.id, repository, reference, platform].join(' '), (signal) => openImage(entry, repository, reference, platform, signal));
  }

  protected override render(): unknown {
    const { entry, route } = this;
    const { current } = this.load;
    const opened = current.state === 'ready' ? current.value : undefined;
    const image = opened?.kind === 'image' ? opened.image : undefined;
    if (current.state === 'failed') {
      const what = `image ${visible(route.repository + targetSuffix(route.target))}`;
      return html`<portolan-image-header .entry=${entry} .route=${route} failed></portolan-image-header>
        <div class="failed">${troublePanel(entry, current.error, what, route.repository, () => this.load.retry())}
          ${route.platform ? html`<p>This was asked for ${safe(route.platform, 60)} alone. <a href=${formatRoute({ ...route, platform: '', layer: '', files: ALL_FILES })}>Open the
            image without a platform</a> to see those it has.</p>` : nothing}</div>`;
    }
    const tabs = opened ? this.tabs(opened) : TABS;
    const chosen = tabs.some(({ id }) => id === route.tab) ? route.tab : tabs[0]?.id ?? 'manifest';
    return html`<portolan-image-header .entry=${entry} .route=${route} .image=${image}></portolan-image-header>
      <portolan-tabs label="What to see of it" .tabs=${tabs} .chosen=${chosen} @chosen=${(event: CustomEvent<ImageTab>) => this.choose(event.detail)}></portolan-tabs>
      <div role="tabpanel" aria-label=${tabs.find(({ id }) => id === chosen)?.label ?? ''}>${opened ? this.panel(opened, chosen as ImageTab) : skeleton()}</div>
      <div class="said" role="status">${this.said ? html`<span>${this.said}</span>` : nothing}</div>`;
  }

  private tabs(opened: Opened): readonly Tab[] {
    if (opened.kind === 'opaque') return [{ id: 'manifest', label: 'Manifest' }, ...this.entry.azure ? [{ id: 'attributes', label: 'Attributes' }] : []];
    const { config, index, layers } = opened.image;
    const tabs: Tab[] = [{ id: 'layers', label: config ? 'Layers' : 'Files', note: String(layers.length) }];
    if (config) tabs.push({ id: 'files', label: 'Files' }, { id: 'waste', label: 'Waste' }, { id: 'config', label: 'Config' });
    tabs.push({ id: 'manifest', label: 'Manifest' }, { id: 'referrers', label: 'Referrers' });
    if (index) tabs.push({ id: 'platforms', label: 'Platforms', note: plural(sortEntries(index.manifests).images.length, 'image') });
    if (this.entry.azure) tabs.push({ id: 'attributes', label: 'Attributes' });
    return tabs;
  }

  private panel(opened: Opened, tab: ImageTab): unknown {
    const { route } = this;
    if (tab === 'attributes') return this.acr(opened.kind === 'image' ? referenceDigest(opened.image) : opened.manifest.digest);
    if (opened.kind === 'opaque') return this.manifest([opened.manifest]);
    const { image } = opened;
    switch (tab) {
      case 'layers': return image.config
        ? html`<portolan-image-layers .entry=${this.entry} .route=${route} .image=${image} @layer=${(event: CustomEvent<string>) => this.chooseLayer(event.detail)}></portolan-image-layers>`
        : html`<portolan-artifact .entry=${this.entry} .repository=${route.repository} .image=${image}></portolan-artifact>`;
      case 'files': case 'waste': return html`<portolan-image-files .entry=${this.entry} .route=${route} .image=${image}></portolan-image-files>`;
      case 'config': return html`<portolan-config .config=${image.config}></portolan-config>`;
      case 'manifest': return this.manifest(image.index ? [image.index, image.manifest] : [image.manifest]);
      case 'referrers': return this.referrers(image);
      case 'platforms': return html`<portolan-platforms .entry=${this.entry} .repository=${route.repository} .index=${image.index} .shown=${image.manifest.digest}></portolan-platforms>`;
    }
  }

  private acr(digest: string): TemplateResult {
    const { registry, repository, target } = this.route;
    return html`<portolan-attributes .source=${azureSource(registry)} .repository=${repository} .tag=${'tag' in target ? target.tag : ''} .digest=${digest}></portolan-attributes>`;
  }

  private manifest(manifests: readonly Manifest[]): TemplateResult {
    return html`<portolan-manifest .manifests=${manifests} .route=${this.route}></portolan-manifest>`;
  }

  /** Signatures may be attached to the index or to one platform's manifest: both are asked for, and fail apart. */
  private referrers(image: Image): TemplateResult {
    const { entry, route: { repository } } = this;
    const of = (digest: string, title: string): TemplateResult => html`
      <portolan-referrers .entry=${entry} .repository=${repository} .digest=${digest} .of=${title}></portolan-referrers>`;
    if (!image.index) return of(image.manifest.digest, '');
    return html`${of(image.index.digest, 'Of the index')}${of(image.manifest.digest, 'Of this platform')}`;
  }

  private choose(tab: ImageTab): void {
    const { route } = this;
    if (tab !== route.tab) go({ ...route, tab, layer: tab === 'layers' ? route.layer : '', files: ALL_FILES }, { replace: true });
  }

  private chooseAt(at: number): boolean {
    const { current } = this.load;
    const tab = current.state === 'ready' ? this.tabs(current.value)[at] : undefined;
    if (tab) this.choose(tab.id as ImageTab);
    return Boolean(tab);
  }

  private chooseLayer(layer: string): void {
    go({ ...this.route, layer }, { replace: true });
  }

  /** Another tag is chosen from the list. */
  private compare(): boolean {
    const { registry, repository, target } = this.route;
    if (!('tag' in target)) return false;
    go({ ...tagsRoute(registry, repository), ticked: [target.tag] });
    return true;
  }

  private regions(): boolean {
    const { entry, route: { registry, repository, target } } = this;
    if (entry.azure?.management) go(regionsRoute(registry, { repository, target }));
    return entry.azure?.management === true;
  }

  private copyPinned(): boolean {
    const { current } = this.load;
    if (current.state !== 'ready') return false;
    const digest = current.value.kind === 'image' ? referenceDigest(current.value.image) : current.value.manifest.digest;
    const reference = pinnedReference(this.entry.pullHost, this.route.repository, digest);
    void copyText(reference).then((done) => this.say(done ? `Copied ${reference}` : 'The browser did not allow copying'));
    return true;
  }

  private say(words: string): void {
    this.said = words;
    this.requestUpdate();
    setTimeout(() => {
      this.said = '';
      this.requestUpdate();
    }, 2000);
  }
}

const TABS: readonly Tab[] = [
  { id: 'layers', label: 'Layers' }, { id: 'files', label: 'Files' }, { id: 'waste', label: 'Waste' }, { id: 'config', label: 'Config' }, { id: 'manifest', label: 'Manifest' }, { id: 'referrers', label: 'Referrers' },
];

function skeleton(): TemplateResult {
  return html`<div class="lines" aria-busy="true" aria-label="Reading the image">${[1, 2, 3, 4, 5, 6].map(() => html`<span class="skeleton"></span>`)}</div>`;
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-image': ImageView }
}
