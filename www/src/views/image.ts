import { html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RouteOf } from '../analysis/route';
import type { RegistryEntry } from '../data/session';

@customElement('portolan-image')
export class ImageView extends LitElement {
  @property({ attribute: false }) entry!: RegistryEntry;
  @property({ attribute: false }) route!: RouteOf<'image'>;
  protected override render(): unknown { return html`…`; }
}
