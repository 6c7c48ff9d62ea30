import { css, html, LitElement } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { shared } from '../ui/shared';

const MAP: readonly [title: string, keys: readonly [keys: string, does: string][]][] = [
  ['Everywhere', [['/', 'search'], ['Esc', 'one level up; in a field, leave it'], ['Backspace', 'one level up'], ['?', 'this map']]],
  ['Lists', [['j k', 'next and previous row; arrows too'], ['Enter', 'open the row'], ['← →', 'close and open a namespace or a directory'], ['Home End', 'first and last row'], ['y', 'copy the reference by digest']]],
  ['Tags', [['x', 'tick the row to compare it'], ['c', 'compare the two that are ticked']]],
  ['Image', [['[ ]', 'previous and next layer'], ['j k', 'layer below and above'], ['1 … 8', 'layers, files, waste, config, manifest, referrers, platforms, attributes'], ['c', 'compare with another tag'], ['g', 'regions that serve it'], ['y', 'copy the reference by digest']]],
  ['Replicas', [['j k', 'next and previous region'], ['r', 'ask all regions now'], ['/', 'look for a tag']]],
  ['Files', [['← ↑ ↓ →', 'in the map: to the next box'], ['Enter', 'open a directory, look at a file'], ['Backspace', 'the directory above'], ['[ ]', 'changes of the previous and next layer']]],
];

/** The keyboard map, a dialog. */
@customElement('portolan-keyboard-help')
export class KeyboardHelp extends LitElement {
  static override styles = [shared, css`
    dialog {
      color: var(--ink); background: var(--paper-raised); border: 1px solid var(--line-strong); border-radius: var(--radius); padding: 20px 24px;
      max-width: min(640px, 92vw);
    }
    dialog::backdrop { background: rgb(7 16 25 / 0.45); }
    .head { display: flex; justify-content: space-between; align-items: baseline; gap: 24px; }
    dl { display: grid; grid-template-columns: 110px 1fr; gap: 6px 16px; margin-block: 8px 16px; }
    h3 { margin-top: 12px; color: var(--ink-soft); }
  `];

  @query('dialog') private dialog!: HTMLDialogElement;

  open(): void {
    if (!this.dialog.open) this.dialog.showModal();
  }

  protected override render(): unknown {
    return html`<dialog aria-labelledby="title">
      <div class="head"><h2 id="title">Keyboard map</h2><button type="button" autofocus @click=${() => this.dialog.close()}>Close</button></div>
      ${MAP.map(([title, keys]) => html`<h3>${title}</h3><dl>
        ${keys.map(([key, does]) => html`<dt>${key.split(' ').map((one) => (one === '…' ? ' … ' : html`<kbd>${one}</kbd> `))}</dt><dd>${does}</dd>`)}
      </dl>`)}
    </dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-keyboard-help': KeyboardHelp }
}
