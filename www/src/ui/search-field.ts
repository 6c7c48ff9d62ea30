import { css, html, LitElement } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { shared } from './shared';

/** A search field that fires `portolan-query` shortly after typing stops. Escape empties it, then leaves it. */
@customElement('portolan-search')
export class SearchField extends LitElement {
  static override styles = [shared, css`
    :host { flex: 1 1 260px; max-width: 560px; position: relative; display: flex; align-items: center; }
    input { width: 100%; padding-inline-end: 34px; }
    kbd { position: absolute; inset-inline-end: 8px; pointer-events: none; }
    input:focus + kbd { visibility: hidden; }
    input::-webkit-search-cancel-button { display: none; }
  `];

  @property() label = '';
  @property() value = '';
  @query('input') private field!: HTMLInputElement;
  private timer = 0;
  private sent = '';

  focusField(): void {
    this.field.focus();
    this.field.select();
  }

  /** What was typed before leaving is not sent: it would lead back. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override updated(changed: Map<string, unknown>): void {
    // What comes back from the address is what was typed a moment ago: it must not overwrite what was typed since.
    if (changed.has('value') && this.value !== this.sent) {
      this.field.value = this.value;
      this.sent = this.value;
    }
  }

  protected override render(): unknown {
    return html`<input type="search" aria-label=${this.label} placeholder=${this.label} spellcheck="false" autocomplete="off" maxlength="200"
      @input=${this.typed} @keydown=${this.key} /><kbd aria-hidden="true">/</kbd>`;
  }

  private typed(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.send(), 120);
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.stopPropagation();
      if (this.field.value === '') this.field.blur();
      this.field.value = '';
      this.send();
    } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
      event.preventDefault();
      this.send();
      this.field.blur();
    }
  }

  private send(): void {
    clearTimeout(this.timer);
    if (this.field.value === this.sent) return;
    this.sent = this.field.value;
    this.dispatchEvent(new CustomEvent('portolan-query', { detail: this.sent, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-search': SearchField }
}
