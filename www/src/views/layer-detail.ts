import type { LayerFiles } from 'portolan/layers';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { splitShell } from '../analysis/command';
import { exactBytes, formatBytes, formatShare } from '../analysis/format';
import { isListed, layerVerdict } from '../analysis/layer-state';
import { sharedWith, type Sharing } from '../analysis/sharing';
import type { Step } from '../analysis/stack';
import { changeCounts, changeStyles } from '../ui/changes';
import { icon } from '../ui/icons';
import { KINDS } from '../ui/kinds';
import { safe, time } from '../ui/safe';
import { shared } from '../ui/shared';
import '../ui/copy-button';
import '../ui/digest-chip';
import '../ui/long-text';

/** One step in full: the command so that it can be read, and what the layer is. */
@customElement('portolan-layer')
export class LayerDetail extends LitElement {
  static override styles = [shared, changeStyles, css`
    section { border: 1px solid var(--line); background: var(--paper-raised); border-radius: var(--radius); padding: 14px 16px; display: grid; gap: 10px; }
    .head { display: flex; align-items: baseline; justify-content: space-between; gap: 12px; }
    .head h2 { white-space: nowrap; }
    .head span { text-align: end; }
    .command { position: relative; background: var(--paper-sunken); border-radius: var(--radius); padding: 8px 34px 8px 10px; font-family: var(--mono); font-size: 12.5px; max-height: 46vh; overflow: auto; }
    .command portolan-copy { position: absolute; inset-inline-end: 2px; top: 4px; }
    .keyword { color: var(--accent); font-weight: 600; }
    dl { display: grid; grid-template-columns: 84px minmax(0, 1fr); gap: 4px 12px; }
    dt { color: var(--ink-soft); }
    .verdict { color: var(--ink-soft); }
    .verdict .word { display: flex; gap: 6px; align-items: center; font-weight: 600; }
    .verdict .word[data-tone='quiet'] { color: var(--ink); }
    .verdict[data-tone='danger'] { color: var(--danger); font-weight: 600; }
    dd a.changes { margin-inline-start: 8px; }
    dd { overflow-wrap: anywhere; min-width: 0; }
  `];

  @property({ attribute: false }) step!: Step;
  /** Bytes of all layers. */
  @property({ attribute: false }) total = 0n;
  /** Number of layers. */
  @property({ type: Number }) count = 0;
  /** What is known of its files. */
  @property({ attribute: false }) files: LayerFiles | undefined;
  @property({ attribute: false }) sharing: Sharing | undefined;
  /** The address of what a layer changes, by its place. */
  @property({ attribute: false }) changesLink: ((place: number) => string) | undefined;

  protected override render(): unknown {
    const { step } = this;
    const { layer, command } = step;
    return html`<section aria-label="The chosen step">
      <div class="head"><h2>${layer ? `Layer ${step.number} of ${this.count}` : 'An instruction without a layer'}</h2><span class="soft">${KINDS[command.kind].about}</span></div>
      ${this.command()}
      ${layer ? html`<dl>
        <dt>Size</dt><dd>${formatBytes(layer.size)} <span class="soft">compressed, ${exactBytes(layer.size)}</span></dd>
        <dt>Share</dt><dd>${formatShare(layer.size, this.total)} <span class="soft">of the image</span></dd>
        <dt>Digest</dt><dd><portolan-digest full .digest=${layer.digest}></portolan-digest></dd>
        ${this.contents()}
        ${layer.diffId ? html`<dt>diff_id</dt><dd><portolan-digest .digest=${layer.diffId}></portolan-digest></dd>` : nothing}
        <dt>Type</dt><dd class="mono">${safe(layer.mediaType)}</dd>
        ${this.more()}
        ${layer.urls.length > 0 ? html`<dt>Held at</dt><dd>${layer.urls.slice(0, 5).map((url) => html`<div class="mono">${safe(url)}</div>`)}
          <span class="soft">A foreign layer: named by the image, not fetched here.</span></dd>` : nothing}
      </dl>` : html`<dl>${this.more()}</dl>`}
    </section>`;
  }

  /** What reading its files told. */
  private contents(): unknown {
    const { files, sharing, step } = this;
    const verdict = layerVerdict(files);
    return html`${files ? html`<dt>Bytes</dt><dd class="verdict" data-tone=${verdict.tone === 'danger' ? 'danger' : nothing}><span class="word" data-tone=${verdict.tone}>${verdict.tone === 'good' ? icon('check') : verdict.tone === 'quiet' ? nothing : icon('warning')}${verdict.word}</span>
        <span>${safe(verdict.sentence, 600)}</span></dd>` : nothing}
      ${isListed(files) ? html`<dt>Files</dt><dd>${changeCounts(files)}${this.changesLink ? html` <a class="changes" href=${this.changesLink(step.number - 1)}>Show its changes</a>` : nothing}
          <div class="soft">${formatBytes(files.content)} unpacked${files.wasted > 0 ? `, of which ${formatBytes(files.wasted)} do not show in the image` : ''}</div></dd>` : nothing}
      ${files?.notes.length ? html`<dt>Odd</dt><dd>${files.notes.slice(0, 10).map((note) => html`<div>${safe(note, 300)}</div>`)}</dd>` : nothing}
      ${sharing && sharing.looked > 0 && step.layer ? html`<dt>Shared</dt><dd>${sharedWith(sharing, step.layer.digest)}
        ${this.sharers(sharing.tags.get(step.layer.digest) ?? [])}</dd>` : nothing}`;
  }

  private sharers(tags: readonly string[]): unknown {
    if (tags.length === 0) return nothing;
    return html`<div class="soft">${tags.slice(0, 6).map((tag, at) => html`${at > 0 ? ', ' : nothing}${safe(tag, 60)}`)}${tags.length > 6 ? ` and ${tags.length - 6} more` : nothing}</div>`;
  }

  private more(): unknown {
    const { created, comment } = this.step;
    return html`<dt>Created</dt><dd>${time(created)}</dd>${comment ? html`<dt>Comment</dt><dd>${safe(comment)}</dd>` : nothing}`;
  }

  private command(): unknown {
    const { command, raw } = this.step;
    if (!raw) return html`<p class="soft">The config does not tell which command made it.</p>`;
    const body = command.keyword === 'RUN' && command.body.length < 65_536 ? splitShell(command.body).join('\n') : command.body;
    return html`<div class="command"><portolan-copy .text=${raw} what="the command as recorded"></portolan-copy>
      ${command.keyword ? html`<span class="keyword">${command.keyword}</span>` : nothing}
      <portolan-long lines .text=${body} limit="4000"></portolan-long></div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-layer': LayerDetail }
}
