import type { ImageConfig } from 'portolan';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { configDifferences, type ConfigDifference } from '../analysis/config-diff';
import { More } from '../ui/more';
import { safe } from '../ui/safe';
import { shared } from '../ui/shared';
import '../ui/long-text';

/** What the configs of two images say differently. */
@customElement('portolan-compare-config')
export class CompareConfig extends LitElement {
  static override styles = [shared, css`
    table { border-collapse: collapse; width: 100%; table-layout: fixed; }
    th { text-align: start; font-weight: 400; color: var(--ink-soft); font-size: var(--size-s); padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line-strong); }
    th:first-child { width: 24%; }
    td { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; font-size: 13px; }
    td.mono { font-size: 12px; }
    .group { color: var(--ink-soft); font-size: var(--size-s); display: block; }
    .none { color: var(--ink-faint); font-style: italic; font-family: var(--font); }
    .mark { font-family: var(--mono); font-weight: 700; }
    td.left .mark { color: var(--danger); }
    td.right .mark { color: var(--good); }
    @media (max-width: 760px) { thead { display: none; } table, tbody { display: block; } tr { display: grid; padding: 6px 0; border-bottom: 1px solid var(--line); } td { border: 0; padding: 1px 0; } }
  `];

  @property({ attribute: false }) left: ImageConfig | undefined;
  @property({ attribute: false }) right: ImageConfig | undefined;
  private readonly more = new More(this, 40);

  protected override render(): unknown {
    const { items, button } = this.more.cut('config', configDifferences(this.left, this.right));
    if (items.length === 0) return html`<p class="soft">Both configs say the same.</p>`;
    return html`<table><thead><tr><th scope="col">What</th><th scope="col">Left</th><th scope="col">Right</th></tr></thead>
      <tbody>${items.map((difference) => this.row(difference))}</tbody></table>${button}`;
  }

  private row({ group, name, left, right }: ConfigDifference): TemplateResult {
    const set = group === 'Ports' || group === 'Volumes';
    return html`<tr><td><span class="group">${group}</span>${safe(name, 120)}</td>
      <td class="left mono"><span class="mark" aria-hidden="true">${right === undefined ? '− ' : ''}</span>${value(left, set)}</td>
      <td class="right mono"><span class="mark" aria-hidden="true">${left === undefined ? '+ ' : ''}</span>${value(right, set)}</td></tr>`;
  }
}

function value(text: string | undefined, set: boolean): unknown {
  if (text === undefined) return html`<span class="none">${set ? 'no' : 'not set'}</span>`;
  if (set) return html`<span>yes</span>`;
  return text === '' ? html`<span class="none">empty</span>` : text.length > 200 ? html`<portolan-long .text=${text} limit="200"></portolan-long>` : safe(text);
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-compare-config': CompareConfig }
}
