import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatRoute, imageRoute, nameText, parseReference, type ImageName, type RouteOf } from '../analysis/route';
import { azureSource } from '../data/azure';
import type { RegistryEntry } from '../data/session';
import { Keys } from '../ui/keys';
import { go } from '../ui/navigation';
import { safe } from '../ui/safe';
import { headStyles, shared } from '../ui/shared';
import { uncomplain } from '../ui/uncomplain';
import './replicas';
import './spread';
import './usages';

/** The page of a registry's regions: how far a tag has come, how pushes spread, what is used of what is allowed. */
@customElement('portolan-regions')
export class Regions extends LitElement {
  static override styles = [shared, headStyles, css`
    form { display: flex; gap: 8px; flex: 1 1 320px; max-width: 620px; }
    form input { flex: 1; }
    section { display: grid; gap: 10px; padding-top: 32px; grid-template-columns: minmax(0, 1fr); }
    .about { padding-bottom: 12px; }
    portolan-usages { padding-top: 36px; }
    .note { max-width: 680px; padding-block: 24px; display: grid; gap: 8px; }
    pre { padding: 8px 12px; background: var(--paper-sunken); overflow-x: auto; }
  `];

  @property({ attribute: false }) entry!: RegistryEntry;
  @property({ attribute: false }) route!: RouteOf<'regions'>;

  constructor() {
    super();
    new Keys(this, { '/': () => this.renderRoot.querySelector('input')?.focus() });
  }

  protected override render(): unknown {
    const { entry, route: { name } } = this;
    const source = azureSource(entry.id);
    return html`<div class="head"><h1>Replicas</h1><span class="soft mono">${safe(entry.pullHost)}</span></div>
      ${entry.azure?.management ? html`
        <div class="controls"><form @submit=${this.asked}>
          <input name="reference" aria-label="A tag to look for in all regions" placeholder="a tag to look for: team/app:1.0" spellcheck="false" autocomplete="off" @input=${uncomplain} .value=${name ? nameText(name) : ''} />
          <button>Look for it</button></form></div>
        ${this.about(name)}
        <portolan-replicas .source=${source} .name=${name}></portolan-replicas>
        ${this.pushes()}
        <portolan-usages .source=${source}></portolan-usages>` : this.unknown()}`;
  }

  private about(name: ImageName | undefined): TemplateResult {
    if (!name) return html`<p class="about soft">Whether each region’s own endpoint answers. Name a tag to see where it is served.</p>`;
    const { registry } = this.route;
    return html`<p class="about">Where <a class="mono" href=${formatRoute(imageRoute(registry, name.repository, name.target))}>${safe(nameText(name), 200)}</a> is served,
      as each region’s own endpoint says. <a href=${formatRoute({ ...this.route, name: undefined })}>Ask only whether they answer</a></p>`;
  }

  private pushes(): unknown {
    const watch = this.entry.azure?.watch;
    if (!watch) return nothing;
    return html`<section><h2>Pushes to ${safe(watch, 100)}</h2><portolan-spread log .source=${azureSource(this.entry.id)} .repository=${watch} .link=${this.linkOf}></portolan-spread></section>`;
  }

  private readonly linkOf = (name: ImageName): string => formatRoute({ view: 'regions', registry: this.entry.id, name });

  private unknown(): TemplateResult {
    return html`<div class="note"><p>The portal’s server does not know this registry’s regions: its configuration does not say that it is in Azure, or with what identity to ask.</p>
      <pre tabindex="0">{ "name": "…", "url": "https://NAME.azurecr.io",
  "azure": { "resourceId": "/subscriptions/…/registries/NAME", "identity": { "from": "environment" } } }</pre></div>`;
  }

  private asked(event: SubmitEvent): void {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).elements.namedItem('reference') as HTMLInputElement;
    const text = field.value.trim();
    const parsed = text === '' ? undefined : parseReference(text);
    const target = parsed ? parsed.target ?? { tag: 'latest' } : undefined;
    field.setCustomValidity(text !== '' && !parsed ? 'A tag is written as team/app:1.0' : '');
    if (!field.reportValidity()) return;
    go({ ...this.route, name: parsed && target ? { repository: parsed.repository, target } : undefined });
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-regions': Regions }
}
