import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { pullCommands } from '../analysis/pull';
import type { Target } from '../analysis/route';
import { visible } from '../analysis/text';
import type { RegistryEntry } from '../data/session';
import { shared } from '../ui/shared';
import '../ui/copy-button';

/** The tool chosen last, for the next image that is looked at. */
let lastTool = 'docker';

/** Commands that fetch the image, one tool at a time, by tag or by digest. */
@customElement('portolan-pull')
export class PullPanel extends LitElement {
  static override styles = [shared, css`
    .bar { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; }
    .line { display: flex; align-items: center; gap: 2px; flex: 1 1 420px; min-width: 0; background: var(--paper-sunken); border-radius: var(--radius); }
    code { flex: 1; min-width: 0; overflow-x: auto; white-space: pre; padding: 6px 10px; scrollbar-width: thin; }
    .segments button { padding: 2px 10px; min-height: 28px; font-size: var(--size-s); }
    label { display: inline-flex; align-items: center; gap: 6px; color: var(--ink-soft); white-space: nowrap; }
    input { min-height: 0; accent-color: var(--accent); }
    .note { color: var(--ink-soft); font-size: var(--size-s); padding-top: 4px; }
  `];

  @property({ attribute: false }) entry!: RegistryEntry;
  @property() repository = '';
  @property({ attribute: false }) target!: Target;
  /** What the reference names, for the pinned form. */
  @property() digest = '';
  @property() platform = '';
  /** Type of an artifact that is no image. */
  @property() artifact?: string;
  @state() private tool = lastTool;
  @state() private pinned = false;

  protected override render(): unknown {
    const { entry, repository, platform, artifact } = this;
    const target = this.pinned && this.digest ? { digest: this.digest } : this.target;
    const tools = pullCommands({ host: entry.pullHost, repository, target, plainHttp: entry.plainHttp, platform, artifact });
    const chosen = tools.find(({ id }) => id === this.tool) ?? tools[0];
    if (!chosen) return nothing;
    return html`<div class="bar">
      <span class="segments" role="group" aria-label="Tool">${tools.map(({ id, name }) => html`
        <button type="button" aria-pressed=${id === chosen.id} @click=${() => this.choose(id)}>${name}</button>`)}</span>
      <span class="line"><code tabindex="0" aria-label="Pull command">${visible(chosen.command)}</code><portolan-copy .text=${chosen.command} what="pull command"></portolan-copy></span>
      ${'tag' in this.target && this.digest ? html`<label title="A digest always names the same bytes; a tag may move">
        <input type="checkbox" .checked=${this.pinned} @change=${() => { this.pinned = !this.pinned; }} />by digest</label>` : nothing}
    </div>${chosen.note ? html`<p class="note">${chosen.note}</p>` : nothing}`;
  }

  private choose(id: string): void {
    this.tool = id;
    lastTool = id;
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-pull': PullPanel }
}
