import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { digestMark, shortDigest } from '../analysis/digest';
import { visible } from '../analysis/text';
import { copyText } from './copy-button';
import { shared } from './shared';

/** A digest: its colour mark and twelve characters; all of it on focus or in the title, copied with a click. */
@customElement('portolan-digest')
export class DigestChip extends LitElement {
  static override styles = [shared, css`
    :host { display: inline-flex; min-width: 0; vertical-align: bottom; }
    button {
      gap: 6px; padding: 1px 7px 1px 4px; min-height: 24px; border-color: var(--line); background: none; font-family: var(--mono);
      font-size: var(--size-s); max-width: 100%; min-width: 0;
    }
    button:focus-visible .value { white-space: normal; overflow-wrap: anywhere; text-align: start; }
    :host([full]) .value { overflow-wrap: anywhere; text-align: start; line-height: 1.35; }
    .copied { color: var(--good); font-family: var(--font); }
  `];

  @property() digest = '';
  /** Draw all of it, where there is room and the digest is the point. */
  @property({ type: Boolean }) full = false;
  @state() private copied = false;
  @state() private focused = false;

  protected override render(): unknown {
    if (!this.digest) return nothing;
    const text = this.full || this.focused ? visible(this.digest) : visible(shortDigest(this.digest));
    return html`<button type="button" title=${`${visible(this.digest)} – click to copy`} aria-label=${`${text}${this.copied ? ' copied' : ''}, copy this digest`}
        @click=${this.copy} @focus=${this.focusChanged} @blur=${this.focusChanged}>
        ${digestMarkSvg(this.digest)}<span class="value">${text}</span>${this.copied ? html`<span class="copied">copied</span>` : nothing}
      </button><span class="visually-hidden" role="status">${this.copied ? 'Digest copied' : ''}</span>`;
  }

  private async copy(event: Event): Promise<void> {
    event.stopPropagation();
    this.copied = await copyText(this.digest);
    setTimeout(() => { this.copied = false; }, 1200);
  }

  // Only focus that shows (by keyboard) opens the whole digest: a click must not move the row under the pointer.
  private focusChanged(event: FocusEvent): void {
    this.focused = event.type === 'focus' && (event.target as Element).matches(':focus-visible') && this.hasAttribute('opens');
  }
}

/** The colour mark of a digest, 14 px. */
export function digestMarkSvg(digest: string): unknown {
  const { hue, cells } = digestMark(digest);
  return html`<svg width="15" height="15" viewBox="0 0 5 5" shape-rendering="crispEdges" aria-hidden="true" fill=${`oklch(var(--mark-lightness) 0.13 ${hue})`}>
    ${cells.map(([x, y]) => svg`<rect x=${x} y=${y} width="1" height="1" />`)}
  </svg>`;
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-digest': DigestChip }
}
