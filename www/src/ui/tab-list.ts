import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { shared } from './shared';

export interface Tab { id: string; label: string; note?: string }

/** Tabs after the pattern of the ARIA practices: arrows move, the chosen one is in the tab order. Fires `chosen`. */
@customElement('portolan-tabs')
export class TabList extends LitElement {
  static override styles = [shared, css`
    :host { border-bottom: 1px solid var(--line-strong); }
    div { display: flex; gap: 4px; overflow-x: auto; scrollbar-width: none; }
    button {
      border: 0; border-bottom: 3px solid transparent; border-radius: 0; background: none; padding: 8px 12px 6px; color: var(--ink-soft);
      white-space: nowrap;
    }
    button[aria-selected='true'] { color: var(--ink); border-bottom-color: var(--accent); font-weight: 600; }
    button:focus-visible { outline-offset: -2px; }
    small { color: var(--ink-faint); font-weight: 400; }
  `];

  @property({ attribute: false }) tabs: readonly Tab[] = [];
  @property() chosen = '';
  @property() label = '';

  protected override render(): unknown {
    return html`<div role="tablist" aria-label=${this.label} @keydown=${this.key}>
      ${this.tabs.map(({ id, label, note }) => html`<button type="button" role="tab" id=${id} aria-selected=${id === this.chosen}
        tabindex=${id === this.chosen ? 0 : -1} @click=${() => this.choose(id)}>${label}${note ? html` <small>${note}</small>` : ''}</button>`)}
    </div>`;
  }

  protected override updated(): void {
    // Not scrollIntoView: that would also scroll the page.
    const chosen = this.renderRoot.querySelector<HTMLElement>('[aria-selected="true"]');
    const list = chosen?.parentElement;
    if (!chosen || !list || list.scrollWidth <= list.clientWidth) return;
    list.scrollLeft = chosen.offsetLeft - list.offsetLeft - (list.clientWidth - chosen.offsetWidth) / 2;
  }

  private key(event: KeyboardEvent): void {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const now = this.tabs.findIndex((tab) => tab.id === this.chosen);
    const next = this.tabs[(now + by + this.tabs.length) % this.tabs.length];
    if (!next) return;
    this.choose(next.id);
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  }

  private choose(id: string): void {
    this.dispatchEvent(new CustomEvent('chosen', { detail: id, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-tabs': TabList }
}
