import type { Image } from 'portolan';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ALL_FILES, type CompareQuery } from '../analysis/files-query';
import { formatRoute, imageRoute, nameText, targetText, type ImageName, type RouteOf } from '../analysis/route';
import { visible } from '../analysis/text';
import { filesOf, readOnly, type FilesStore } from '../data/image-files';
import { openImage, type Opened } from '../data/images';
import { Load } from '../data/load';
import type { RegistryEntry } from '../data/session';
import { Follow } from '../data/store';
import { go } from '../ui/navigation';
import { safe } from '../ui/safe';
import { shared } from '../ui/shared';
import { troublePanel } from '../ui/trouble';
import type { Side } from './compare';
import './compare';
import './layer-gaps';
import './opening';

type At = 'left' | 'right';
const SIDES: readonly At[] = ['left', 'right'];

/** Two images of a registry side by side: reads both, opens their files, and ties the view to the address. */
@customElement('portolan-comparison')
export class ComparisonView extends LitElement {
  static override styles = [shared, css`
    .names { display: grid; grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr); gap: 4px 16px; align-items: center; padding-block: 20px 4px; }
    .names h2 { font-size: 18px; overflow-wrap: anywhere; }
    .names .side { color: var(--ink-soft); font-size: var(--size-s); }
    .names h2 a { text-decoration: none; }
    .failed { display: grid; gap: 12px; padding-block: 12px; }
    @media (max-width: 640px) { .names { grid-template-columns: minmax(0, 1fr) auto; } .names button { grid-area: 1 / 2 / 3 / 3; } }
  `];

  @property({ attribute: false }) entry!: RegistryEntry;
  @property({ attribute: false }) route!: RouteOf<'compare'>;
  private readonly loads = { left: new Load<Opened>(this), right: new Load<Opened>(this) };
  private stores: FilesStore[] = [];
  private readonly follow = new Follow(this);

  protected override willUpdate(): void {
    const { entry, route } = this;
    for (const at of SIDES) {
      const { repository, target } = route[at];
      this.loads[at].run([entry.id, nameText(route[at]), route.platform].join(' '), (signal) => openImage(entry, repository, targetText(target), route.platform, signal));
    }
    const images = SIDES.map((at) => this.image(at));
    this.stores = images.every((image) => image?.config && image.layers.length > 0)
      ? images.map((image, index) => filesOf(entry, route[SIDES[index] as At].repository, image as Image)) : [];
    this.follow.to(...this.stores);
    this.prepare();
  }

  protected override render(): unknown {
    const { route } = this;
    return html`<h1 class="visually-hidden">${safe(nameText(route.left), 200)} compared with ${safe(nameText(route.right), 200)}</h1><div class="names">${this.name('left', route.left)}
        <button type="button" title="Left becomes right" @click=${this.swap}>Swap</button>${this.name('right', route.right)}</div>
      ${this.body()}`;
  }

  private name(at: At, name: ImageName): TemplateResult {
    return html`<div><span class="side">${at === 'left' ? 'Left' : 'Right'}</span><h2><a href=${formatRoute({ ...imageRoute(this.route.registry, name.repository, name.target), platform: this.route.platform })}>${safe(nameText(name), 200)}</a></h2></div>`;
  }

  private body(): unknown {
    const { entry, route } = this;
    const failed = SIDES.filter((at) => this.loads[at].current.state === 'failed');
    if (failed.length > 0) return html`<div class="failed">${failed.map((at) => this.failure(at))}</div>`;
    const [left, right] = SIDES.map((at) => this.image(at));
    if (SIDES.some((at) => this.loads[at].current.state !== 'ready')) return html`<p class="soft" role="status">Reading both images …</p>`;
    if (!left?.config || !right?.config) return html`<div class="failed"><p>Only images that run can be compared; ${left?.config ? 'the right one' : 'the left one'} is none.</p></div>`;
    const [leftState, rightState] = this.stores.map((store) => store.value);
    const sides: Record<At, Side> = { left: { image: left, files: leftState?.files }, right: { image: right, files: rightState?.files } };
    const revision = (leftState?.revision ?? 0) + (rightState?.revision ?? 0);
    return html`${this.stores.map((store, index) => (store.value.files ? html`<portolan-layer-gaps label=${SIDES[index] ?? ''} .states=${store.value.layers} @portolan-retry=${() => store.start()}></portolan-layer-gaps>` : nothing))}
      <portolan-compare .left=${sides.left} .right=${sides.right} .query=${route.compare} .revision=${revision} .layerLink=${this.layerLink} .fileLink=${this.fileLink}
        @portolan-compare=${(event: CustomEvent<Partial<CompareQuery>>) => go({ ...route, compare: { ...route.compare, ...event.detail } }, { replace: true })}>
        <div slot="opening">${this.stores.length > 0 ? html`<portolan-opening .entry=${entry} .repository=${route.left.repository} .stores=${this.stores}></portolan-opening>`
          : html`<p class="soft">One of them has no layers, and so no files to compare.</p>`}</div></portolan-compare>`;
  }

  private failure(at: At): unknown {
    const { current } = this.loads[at];
    if (current.state !== 'failed') return nothing;
    return troublePanel(this.entry, current.error, `image ${visible(nameText(this.route[at]))}`, this.route[at].repository, () => this.loads[at].retry());
  }

  private image(at: At): Image | undefined {
    const { current } = this.loads[at];
    return current.state === 'ready' && current.value.kind === 'image' ? current.value.image : undefined;
  }

  /** The layers of both are one question. */
  private prepare(): void {
    readOnly(this.stores);
    for (const store of this.stores) store.prepare(true);
  }

  private readonly swap = (): void => {
    const { route } = this;
    go({ ...route, left: route.right, right: route.left }, { replace: true });
  };

  private readonly layerLink = (at: At, layer: string): string => {
    const { route } = this;
    return formatRoute({ ...imageRoute(route.registry, route[at].repository, route[at].target), platform: route.platform, layer });
  };

  private readonly fileLink = (at: At, path: string): string => {
    const { route } = this;
    return formatRoute({ ...imageRoute(route.registry, route[at].repository, route[at].target), platform: route.platform, tab: 'files', files: { ...ALL_FILES, path } });
  };
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-comparison': ComparisonView }
}
