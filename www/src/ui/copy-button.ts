import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { icon } from './icons';
import { shared } from './shared';

/** Copies its text with one click and says so. */
@customElement('portolan-copy')
export class CopyButton extends LitElement {
  static override styles = [shared, css`
    :host { display: inline-flex; }
    button { color: var(--ink-soft); }
    button[data-done='yes'] { color: var(--good); }
    button[data-done='no'] { color: var(--danger); }
  `];

  /** What goes to the clipboard. */
  @property() text = '';
  /** What is copied, for the name of the button: `pull command`. */
  @property() what = '';
  /** Shown beside the icon. */
  @property() label = '';
  @state() private done: '' | 'yes' | 'no' = '';

  protected override render(): unknown {
    const said = this.done === 'yes' ? 'Copied' : this.done === 'no' ? 'The browser did not allow copying' : '';
    return html`<button class=${this.label ? '' : 'plain'} type="button" data-done=${this.done || nothing} title=${said || `Copy ${this.what}`}
        aria-label=${this.label ? nothing : `Copy ${this.what}`} @click=${this.copy}>
        ${icon(this.done === 'yes' ? 'check' : 'copy')}${this.label}
      </button><span class="visually-hidden" role="status">${said}</span>`;
  }

  private async copy(event: Event): Promise<void> {
    event.stopPropagation();
    this.done = await copyText(this.text) ? 'yes' : 'no';
    setTimeout(() => { this.done = ''; }, 1600);
  }
}

/** False where the browser does not allow it: no focus, no permission, an insecure origin. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-copy': CopyButton }
}
