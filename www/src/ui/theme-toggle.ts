import { css, html, LitElement } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { icon, type IconName } from './icons';
import { shared } from './shared';

type Theme = 'auto' | 'light' | 'dark';
const KEY = 'portolan-theme';
const NEXT: Record<Theme, Theme> = { auto: 'light', light: 'dark', dark: 'auto' };
const LOOK: Record<Theme, [IconName, string]> = { auto: ['auto', 'as the system'], light: ['sun', 'day'], dark: ['moon', 'night'] };

/** Day, night, or as the system has it. The choice is all that the portal stores in the browser. */
@customElement('portolan-theme')
export class ThemeToggle extends LitElement {
  static override styles = [shared, css`:host { display: inline-flex; }`];
  @state() private theme: Theme = stored();

  protected override render(): unknown {
    const [name, words] = LOOK[this.theme];
    return html`<button class="plain" type="button" @click=${this.next} title=${`Colours: ${words}`} aria-label=${`Colours: ${words}. Change.`}>${icon(name)}</button>`;
  }

  private next(): void {
    this.theme = NEXT[this.theme];
    try {
      localStorage.setItem(KEY, this.theme);
    } catch {
      return;
    }
    window.dispatchEvent(new Event(KEY));
  }
}

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'auto';
  } catch {
    return 'auto';
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-theme': ThemeToggle }
}
