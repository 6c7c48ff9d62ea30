import type { FileRow, ImageFiles, PathEvent } from 'portolan/layers';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { flagSentences, instant, linkTarget, modeText, octalMode, typeWord } from '../analysis/file-facts';
import { exactBytes, formatBytes, plural } from '../analysis/format';
import type { LayerName } from '../analysis/layer-names';
import { Load } from '../data/load';
import { changeMark, changeStyles } from '../ui/changes';
import { icon } from '../ui/icons';
import { layerMark, layerMarkStyles } from '../ui/layer-mark';
import { safe, time } from '../ui/safe';
import { shared } from '../ui/shared';
import '../ui/copy-button';
import '../ui/long-text';
import './preview';

/**
 * One path: what it is, what every layer did to it, and what is in it. Fires `portolan-path` with a path to go to, `portolan-layer` with the
 * place of a layer to look at, and `portolan-close`.
 */
@customElement('portolan-file')
export class FileView extends LitElement {
  static override styles = [shared, changeStyles, layerMarkStyles, css`
    section { display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr); }
    .head { display: flex; align-items: start; gap: 8px; }
    .head h2 { flex: 1; min-width: 0; overflow-wrap: anywhere; font-size: var(--size); font-family: var(--mono); font-weight: 600; }
    dl { display: grid; grid-template-columns: 76px minmax(0, 1fr); gap: 3px 12px; }
    dt { color: var(--ink-soft); }
    dd { overflow-wrap: anywhere; min-width: 0; }
    .flag { color: var(--caution); display: flex; gap: 6px; }
    ol.history { display: grid; gap: 2px; }
    .history li { display: grid; grid-template-columns: 52px 2ch minmax(0, 1fr) auto; gap: 6px; align-items: baseline; }
    .history button { font-size: var(--size-s); min-height: 22px; padding: 0 4px; margin-inline-start: -4px; }
    .history .command { color: var(--ink-soft); font-size: var(--size-s); }
    h3 { color: var(--ink-soft); font-size: var(--size-s); font-weight: 600; }
  `];

  @property({ attribute: false }) files!: ImageFiles;
  @property({ attribute: false }) row!: FileRow;
  @property({ attribute: false }) layers: readonly LayerName[] = [];
  /** The view it is looked at in: one layer, or all. */
  @property({ attribute: false }) layer: number | undefined;
  @property({ type: Number }) revision = 0;
  private readonly load = new Load<PathEvent[]>(this);

  protected override willUpdate(): void {
    const { files, row, revision } = this;
    this.load.run(`${row.id}/${row.path}/${revision}`, (signal) => files.history(row.id, { signal }));
  }

  protected override render(): unknown {
    const { row } = this;
    const gone = row.change === 'deleted' || row.deletedBy !== undefined;
    return html`<section aria-label="The chosen path">
      <div class="head"><h2><portolan-long .text=${row.path === '' ? '/' : row.path} limit="400"></portolan-long></h2>
        <portolan-copy .text=${`/${row.path}`} what="the path"></portolan-copy>
        <button class="plain" type="button" title="Close" aria-label="Close" @click=${() => this.send('portolan-close', null)}>${icon('close')}</button></div>
      ${this.facts(gone)}
      ${flagSentences(row.flags).map((sentence) => html`<p class="flag">${icon('warning')}<span>${safe(sentence)}</span></p>`)}
      ${this.history()}
      ${row.type === 'file' || row.type === 'hardlink' ? this.content(gone) : nothing}</section>`;
  }

  private facts(gone: boolean): TemplateResult {
    const { row } = this;
    const directory = row.type === 'directory';
    return html`<dl>
      <dt>Is</dt><dd>a ${typeWord(row.type)}${row.implied ? ', which no layer names: made for what is in it' : ''}${gone ? html` that is <strong>gone</strong> from the image` : nothing}</dd>
      ${row.link === undefined ? nothing : html`<dt>Leads to</dt><dd><span class="mono">${safe(row.link)}</span> ${this.follow(row)}</dd>`}
      ${row.type === 'symlink' ? nothing : html`<dt>Size</dt><dd title=${exactBytes(row.size)}>${formatBytes(row.size)}${directory ? ` in ${plural(row.files, 'file')}` : ''}</dd>`}
      <dt>Mode</dt><dd><span class="mono">${modeText(row.type, row.mode)}</span> <span class="soft">${octalMode(row.mode)}, user ${row.uid}, group ${row.gid}</span></dd>
      ${row.implied ? nothing : html`<dt>Modified</dt><dd>${time(instant(row.modified))}</dd>`}</dl>`;
  }

  private follow(row: FileRow): unknown {
    const target = row.type === 'hardlink' ? linkTarget('', row.link ?? '') : linkTarget(row.path, row.link ?? '');
    return html`<button class="plain" type="button" @click=${() => this.send('portolan-path', target)}>go there</button>`;
  }

  private history(): unknown {
    const { current } = this.load;
    if (current.state !== 'ready' || current.value.length === 0) return nothing;
    return html`<h3>What the layers did to it</h3><ol class="history">${current.value.slice(0, 60).map((event) => html`<li>
      <button class="plain" type="button" title="Show the changes of this layer" @click=${() => this.send('portolan-layer', event.layer)}>${layerMark(this.layers[event.layer], event.layer)}</button>
      ${changeMark(event.change)}<span class="command clip mono">${safe(this.layers[event.layer]?.command ?? '', 160)}</span>
      <span class="number">${event.change === 'deleted' ? (event.opaque ? 'with its directory' : 'deleted') : event.type === 'directory' ? '' : formatBytes(event.size)}</span></li>`)}</ol>`;
  }

  /** Of what is gone, the last version that a layer has. */
  private content(gone: boolean): unknown {
    const { row, files } = this;
    const here = this.layer !== undefined && row.change !== 'deleted' ? this.layer : undefined;
    const layer = gone && here === undefined ? lastWriter(this.load.current.state === 'ready' ? this.load.current.value : []) : here;
    if (gone && layer === undefined) return nothing;
    if (row.size === 0 && row.type === 'file') return html`<p class="soft">The file is empty.</p>`;
    return html`<h3>Content${layer === undefined ? '' : ` in layer ${layer + 1}`}</h3><portolan-preview .files=${files} .row=${row} .layer=${layer}></portolan-preview>`;
  }

  private send(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function lastWriter(events: readonly PathEvent[]): number | undefined {
  return [...events].reverse().find(({ change }) => change !== 'deleted')?.layer;
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-file': FileView }
}
