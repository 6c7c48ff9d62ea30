import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatBytes } from '../analysis/format';
import { boundary } from '../analysis/text';
import { safe, safeLines } from './safe';
import { shared } from './shared';

/** How much more each "show more" draws; no single click may freeze the tab. */
const STEP = 16_384;

/** A text of any length: its beginning, and more of it on demand. */
@customElement('portolan-long')
export class LongText extends LitElement {
  static override styles = [shared, css`
    :host { display: inline; font: inherit; color: inherit; }
    pre { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
    button { display: inline-flex; font-size: var(--size-s); color: var(--ink-soft); text-decoration: underline; text-underline-offset: 3px; }
  `];

  @property({ attribute: false }) text = '';
  @property({ type: Number }) limit = 300;
  /** Keep line breaks, in a preformatted block. */
  @property({ type: Boolean }) lines = false;
  @state() private shown = 0;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('text')) this.shown = 0;
  }

  protected override render(): unknown {
    const { text, limit } = this;
    const length = Math.max(limit, this.shown);
    const part = text.length <= length ? text : text.slice(0, boundary(text, length));
    const rest = text.length - part.length;
    const body = this.lines ? html`<pre>${safeLines(part)}${rest > 0 ? '…' : nothing}</pre>` : html`${safe(part, part.length)}${rest > 0 ? '…' : nothing}`;
    return html`${body}${rest > 0 ? html` <button class="plain" type="button" @click=${() => { this.shown = length + STEP; }}>
      show more (${formatBytes(text.length)} in all)</button>` : nothing}`;
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-long': LongText }
}
