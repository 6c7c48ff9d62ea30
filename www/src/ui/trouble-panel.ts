import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Trouble, TroubleState } from '../analysis/trouble';
import { icon, type IconName } from './icons';
import { safe } from './safe';
import { shared } from './shared';
import './copy-button';

const ICONS: Partial<Record<TroubleState, IconName>> = { denied: 'lock', unreachable: 'wave', busy: 'wave' };

/** The one panel for whatever could not be shown: what happened, what to do, and how to try again. Fires `retry`. */
@customElement('portolan-trouble')
export class TroublePanel extends LitElement {
  static override styles = [shared, css`
    section {
      display: grid; grid-template-columns: auto 1fr; gap: 4px 12px; padding: 14px 16px; border: 1px solid var(--line-strong);
      border-inline-start: 4px solid var(--caution); background: var(--paper-raised); border-radius: var(--radius); max-width: 860px;
    }
    section > * { grid-column: 2; }
    ::slotted(*) { grid-column: 2; }
    section > .glyph { grid-column: 1; grid-row: 1; color: var(--caution); padding-top: 2px; }
    section[data-state='unverified'] { border: 2px solid var(--danger); border-inline-start-width: 8px; background: var(--danger-wash); }
    section[data-state='unverified'] .glyph, section[data-state='unverified'] h3 { color: var(--danger); }
    section[data-state='missing'], section[data-state='unsupported'] { border-inline-start-color: var(--line-strong); }
    section[data-state='unverified'] h3 { font-size: var(--size-l); }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 14px; margin-block: 4px; overflow-wrap: anywhere; }
    dt { color: var(--ink-soft); }
    .detail { color: var(--ink-soft); overflow-wrap: anywhere; }
    .remedy { display: flex; align-items: center; gap: 4px; margin-block: 4px; min-width: 0; }
    .remedy code { padding: 5px 10px; background: var(--paper-sunken); border-radius: var(--radius); overflow-x: auto; white-space: pre; min-width: 0; }
    .actions { display: flex; gap: 8px; align-items: center; margin-top: 6px; flex-wrap: wrap; }
    .facts { font-family: var(--mono); color: var(--ink-soft); font-size: 11px; overflow-wrap: anywhere; }
  `];

  @property({ attribute: false }) trouble?: Trouble;

  protected override render(): unknown {
    const { trouble } = this;
    if (!trouble) return nothing;
    return html`<section role="alert" data-state=${trouble.state}>
      <span class="glyph">${icon(ICONS[trouble.state] ?? 'warning')}</span>
      <h3>${trouble.title}</h3>
      ${trouble.digests ? html`<dl><dt>Expected</dt><dd class="mono">${trouble.digests.expected}</dd><dt>Found</dt><dd class="mono">${trouble.digests.found}</dd></dl>`
        : html`<p class="detail">${safe(trouble.detail, 1000)}</p>`}
      ${trouble.steps.length > 0 ? html`<p>${trouble.steps.join(' ')}</p>` : nothing}
      ${trouble.remedy ? html`<div class="remedy"><code tabindex="0">${trouble.remedy}</code><portolan-copy text=${trouble.remedy} what="this line"></portolan-copy></div>` : nothing}
      <slot></slot>
      <div class="actions">
        ${trouble.retry ? html`<button type="button" @click=${this.retry}>Try again</button>` : nothing}
        <span class="facts">${trouble.facts}</span>
      </div>
    </section>`;
  }

  private retry(): void {
    this.dispatchEvent(new CustomEvent('retry', { bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-trouble': TroublePanel }
}
