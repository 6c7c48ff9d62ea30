import { css, html, LitElement } from 'lit';
import { customElement } from 'lit/decorators.js';
import { plural } from '../analysis/format';
import { loadRegistries, registryList } from '../data/session';
import { Watch } from '../data/store';
import { Keys } from '../ui/keys';
import { headStyles, shared } from '../ui/shared';
import '../ui/trouble-panel';
import './registry-card';

/** The registries of this portal, a card each. */
@customElement('portolan-registries')
export class Registries extends LitElement {
  static override styles = [shared, headStyles, css`
    ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 360px), 1fr)); gap: 16px; }
    li { display: grid; }
    .card { height: 172px; }
    .empty { display: grid; gap: 8px; max-width: 680px; padding-block: 24px; }
    pre { padding: 8px 12px; background: var(--paper-sunken); overflow-x: auto; }
  `];

  constructor() {
    super();
    new Watch(this, registryList);
    const step = (by: number) => (): void => this.step(by);
    new Keys(this, { j: step(1), ArrowDown: step(1), k: step(-1), ArrowUp: step(-1) });
  }

  protected override render(): unknown {
    const list = registryList.value;
    return html`<div class="head"><h1>Registries</h1>
      <span class="soft">${list.state === 'ready' && list.registries.length > 0 ? plural(list.registries.length, 'registry', 'registries') : ''}</span></div>
      ${this.body()}`;
  }

  private body(): unknown {
    const list = registryList.value;
    if (list.state === 'loading') return html`<ul aria-busy="true">${[1, 2].map(() => html`<li><span class="skeleton card"></span></li>`)}</ul>`;
    if (list.state === 'failed') {
      return html`<portolan-trouble @retry=${() => void loadRegistries()} .trouble=${{
        state: 'unreachable', title: 'The portal’s own server did not tell its registries', detail: `${list.message}.`,
        steps: ['Check that “portolan serve” is still running, then try again.'], retry: true, facts: 'GET /api/registries',
      }}></portolan-trouble>`;
    }
    if (list.registries.length === 0) {
      return html`<div class="empty"><p>No registry is configured. Start the server with at least one:</p>
        <pre>portolan serve --registry local=http://localhost:5000</pre></div>`;
    }
    return html`<ul>${list.registries.map((entry) => html`<li><portolan-registry-card .entry=${entry}></portolan-registry-card></li>`)}</ul>`;
  }

  private step(by: number): void {
    const cards = [...this.renderRoot.querySelectorAll('portolan-registry-card')];
    const now = cards.findIndex((card) => card.matches(':focus-within'));
    cards[now < 0 ? 0 : Math.max(0, Math.min(cards.length - 1, now + by))]?.focusLink();
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-registries': Registries }
}
