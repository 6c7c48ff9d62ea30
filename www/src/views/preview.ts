import type { FileContent, FileRow, ImageFiles } from 'portolan/layers';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatBytes } from '../analysis/format';
import { decodeText, hexLines } from '../analysis/hex';
import { visible } from '../analysis/text';
import { describeTrouble } from '../analysis/trouble';
import { Load } from '../data/load';
import { icon } from '../ui/icons';
import { saveBytes } from '../ui/save';
import { shared } from '../ui/shared';
import '../ui/long-text';
import '../ui/trouble-panel';
import './picture';

type Look = 'text' | 'picture' | 'bytes';

/** Read at first, then each time four times as much, then no more: the rest is for the command line. Bytes. */
const FIRST = 64 * 1024;
const MOST = 4 * 1024 * 1024;
/** Pictures are drawn whole or not at all. */
const PICTURE = 8 * 1024 * 1024;
/** The largest file that is read into memory to save it. */
const SAVED = 64 * 1024 * 1024;
const HEX_FIRST = 2048;

/** What is in a file: text, a picture or bytes, and never markup. */
@customElement('portolan-preview')
export class Preview extends LitElement {
  static override styles = [shared, css`
    .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding-bottom: 8px; }
    .tools button { min-height: 26px; padding: 1px 10px; font-size: var(--size-s); }
    .tools .cost { color: var(--ink-soft); font-size: var(--size-s); margin-inline-start: auto; }
    .body { background: var(--paper-sunken); border-radius: var(--radius); padding: 8px 10px; overflow: auto; max-height: 60vh; font-family: var(--mono); font-size: 12px; line-height: 1.45; }
    .body.picture { background: none; padding: 0; max-height: none; font-family: var(--font); }
    .hex { white-space: pre; font-size: 11px; }
    .hex .at, .hex .as { color: var(--ink-soft); }
    .more { padding-top: 8px; display: flex; gap: 8px; align-items: center; color: var(--ink-soft); flex-wrap: wrap; }
  `];

  @property({ attribute: false }) files!: ImageFiles;
  @property({ attribute: false }) row!: FileRow;
  /** The file as one layer has it; undefined: as the image shows it. */
  @property({ attribute: false }) layer: number | undefined;
  @state() private limit = FIRST;
  @state() private look: Look | undefined;
  @state() private hexCount = HEX_FIRST;
  @state() private saving = '';
  private readonly load = new Load<FileContent>(this);
  private content: FileContent | undefined;
  private of = '';

  protected override willUpdate(): void {
    const { files, row, layer } = this;
    const of = `${row.id}/${row.path}/${layer}`;
    if (of !== this.of) {
      this.of = of;
      [this.limit, this.look, this.hexCount, this.content, this.saving] = [firstLimit(row), undefined, HEX_FIRST, undefined, ''];
    }
    const { limit } = this;
    this.load.run(`${of}/${limit}`, (signal) => files.read(row.id, { layer, limit, signal }));
    if (this.load.current.state === 'ready') this.content = this.load.current.value;
  }

  protected override render(): unknown {
    const { current } = this.load;
    if (current.state === 'failed') {
      const trouble = describeTrouble(current.error, { what: 'file', mode: 'relay', registryHost: 'the registry' });
      return html`<portolan-trouble .trouble=${trouble} @retry=${() => this.load.retry()}></portolan-trouble>`;
    }
    const { content } = this;
    if (!content) return html`<p class="soft" role="status">Reading the file …</p>`;
    const look = this.look ?? (content.kind === 'text' ? 'text' : content.kind === 'image' ? 'picture' : 'bytes');
    return html`<div class="tools">${this.looks(content, look)}
        ${this.row.size <= SAVED ? html`<button type="button" ?disabled=${this.saving === 'reading'} @click=${() => void this.save()}>${icon('download')}${this.saving === 'reading' ? 'Reading …' : 'Save'}</button>` : nothing}
        <span class="cost">${this.cost(content)}</span></div>
      ${this.saving && this.saving !== 'reading' ? html`<p role="status">${this.saving}</p>` : nothing}
      ${this.body(content, look)}${this.more(content, look)}`;
  }

  private looks(content: FileContent, now: Look): unknown {
    const known: Look[] = content.kind === 'image' ? ['picture', 'bytes'] : ['text', 'bytes'];
    return html`<span class="segments" role="group" aria-label="Show the content as">${known.map((look) => html`
      <button type="button" aria-pressed=${look === now} @click=${() => { this.look = look; }}>${look}</button>`)}</span>`;
  }

  private body({ bytes, kind, mediaType, complete }: FileContent, look: Look): TemplateResult {
    if (bytes.length === 0) return html`<p class="soft">The file is empty.</p>`;
    if (look === 'picture') {
      return html`<div class="body picture">${complete ? html`<portolan-picture .bytes=${bytes} .mediaType=${mediaType ?? ''} .name=${visible(this.row.name)}></portolan-picture>`
        : html`<p class="soft">Pictures of more than ${formatBytes(PICTURE)} are not drawn.</p>`}</div>`;
    }
    if (look === 'bytes') {
      return html`<div class="body hex" tabindex="0" role="region" aria-label="Bytes of the file">${hexLines(bytes, this.hexCount).map(({ offset, bytes: pairs, text }) => html`<div><span class="at">${offset}</span>  ${pairs}  <span class="as">${text}</span></div>`)}</div>`;
    }
    const note = kind === 'binary' ? html`<p class="soft">These bytes look like no text.</p>` : nothing;
    return html`${note}<div class="body" tabindex="0" role="region" aria-label="Text of the file"><portolan-long lines limit="16384" .text=${decodeText(bytes, complete)}></portolan-long></div>`;
  }

  private more({ bytes, complete, size }: FileContent, look: Look): unknown {
    const { current } = this.load;
    if (look === 'bytes' && this.hexCount < bytes.length) {
      return html`<p class="more">Showing ${formatBytes(this.hexCount)} of ${formatBytes(size)}. <button type="button" @click=${() => { this.hexCount *= 4; }}>Show more</button></p>`;
    }
    if (complete || look === 'picture') return nothing;
    const next = Math.min(this.limit * 4, MOST, size);
    return html`<p class="more">Showing the first ${formatBytes(bytes.length)} of ${formatBytes(size)}.
      ${bytes.length < MOST ? html`<button type="button" ?disabled=${current.state === 'loading'} @click=${() => { this.limit = next; }}>${current.state === 'loading' ? 'Reading …' : `Show ${formatBytes(next)}`}</button>`
        : 'The command line shows the rest.'}</p>`;
  }

  private cost({ downloaded, verified, complete }: FileContent): string {
    const cost = downloaded > 0 ? `${formatBytes(downloaded)} downloaded` : 'nothing downloaded';
    return `${cost}, ${verified ? 'verified' : complete ? 'not verified' : 'not verified: a part'}`;
  }

  private async save(): Promise<void> {
    const { row, files, layer } = this;
    this.saving = 'reading';
    try {
      const { bytes, complete, verified } = await files.read(row.id, { layer, limit: SAVED });
      if (complete) saveBytes([bytes as BlobPart], row.name);
      this.saving = !complete ? 'It is larger than was said, and was not saved.' : verified ? 'Saved, and verified.' : 'Saved. Nobody has compared its bytes with what was built.';
    } catch (error) {
      this.saving = `It could not be read: ${visible(error instanceof Error ? error.message : 'the reason is not known')}`;
    }
  }
}

/** What looks like a picture by its name is read whole at once; the first bytes decide what it is. */
function firstLimit({ name, size }: FileRow): number {
  return /\.(?:png|jpe?g|gif|webp|bmp)$/i.test(name) && size <= PICTURE ? Math.max(FIRST, size) : FIRST;
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-preview': Preview }
}
