import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { forgetFiles } from '../data/image-files';
import { forgetListings } from '../data/listing';
import { signIn, signOut, type RegistryEntry } from '../data/session';
import { safe } from './safe';
import { shared } from './shared';

/** Signs in to a registry that this tab reads directly. Fires `signed-in`. The password is in the field until it is sent, then nowhere else. */
@customElement('portolan-sign-in')
export class SignIn extends LitElement {
  static override styles = [shared, css`
    form { display: flex; flex-wrap: wrap; gap: 8px; align-items: end; margin-block: 4px; }
    label { display: grid; color: var(--ink-soft); font-size: var(--size-s); }
    input { font-size: var(--size); }
  `];

  @property({ attribute: false }) entry?: RegistryEntry;
  @property() as = '';
  /** The user whose password was not taken. */
  @property() rejected = '';

  protected override render(): unknown {
    if (!this.entry) return nothing;
    if (this.as) {
      return html`<form @submit=${this.leave}><span>Signed in as ${safe(this.as)} in this tab.</span><button>Sign out</button></form>`;
    }
    const said = this.rejected ? html`<p role="status">It did not take the password given for ${safe(this.rejected, 80)}.</p>` : nothing;
    return html`${said}<form @submit=${this.submit} autocomplete="off">
      <label>User name<input name="username" required autocomplete="username" spellcheck="false" /></label>
      <label>Password or token<input name="password" type="password" required autocomplete="current-password" /></label>
      <button>Sign in to ${this.entry.pullHost}</button>
    </form>`;
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const username = String(data.get('username'));
    if (!this.entry) return;
    signIn(this.entry, { username, password: String(data.get('password')) }, username);
    form.reset();
    this.finish();
  }

  private leave(event: SubmitEvent): void {
    event.preventDefault();
    if (this.entry) signOut(this.entry);
    this.finish();
  }

  private finish(): void {
    if (this.entry) {
      forgetListings(this.entry);
      forgetFiles(this.entry);
    }
    this.dispatchEvent(new CustomEvent('signed-in', { bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-sign-in': SignIn }
}
