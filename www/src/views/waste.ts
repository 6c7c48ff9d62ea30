import type { BuriedSecret, ImageFiles, Waste, WastePath } from 'portolan/layers';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { exactBytes, formatBytes, formatCount, formatShare, plural } from '../analysis/format';
import type { LayerName } from '../analysis/layer-names';
import { cap, visible } from '../analysis/text';
import { toFailure } from '../analysis/trouble';
import { Load } from '../data/load';
import { icon } from '../ui/icons';
import { layerMark, layerMarkStyles } from '../ui/layer-mark';
import { safe } from '../ui/safe';
import { shared } from '../ui/shared';
import { vars } from '../ui/vars';
import { wasteStyles } from './waste-styles';

const STEP = 50;

/**
 * What an image carries and does not show: the bytes that squashing would save, the worst paths, and secrets that only look deleted.
 *
 * - `files`, `layers`, `revision`: as for `portolan-files`.
 * - `link`: makes the address of a path, or of a layer; without it the element fires `portolan-path` with a path and
 *   `portolan-layer` with a place instead.
 */
@customElement('portolan-waste')
export class WasteView extends LitElement {
  static override styles = [shared, layerMarkStyles, wasteStyles];

  @property({ attribute: false }) files!: ImageFiles;
  @property({ attribute: false }) layers: readonly LayerName[] = [];
  @property({ attribute: false }) link: ((to: { path?: string; layer?: number }) => string) | undefined;
  @property({ type: Number }) revision = 0;
  @state() private limit = STEP;
  private readonly load = new Load<Waste>(this);
  private shown: Waste | undefined;

  protected override willUpdate(changed: Map<string, unknown>): void {
    const { files, limit, revision } = this;
    if (changed.has('files')) {
      this.load.reset();
      this.shown = undefined;
    }
    this.load.run(`${limit}/${revision}`, (signal) => files.waste({ limit, signal }));
    if (this.load.current.state === 'ready') this.shown = this.load.current.value;
  }

  protected override render(): unknown {
    const { current } = this.load;
    const { shown } = this;
    if (current.state === 'failed') return html`<p class="failed">${safe(toFailure(current.error).message)} <button type="button" @click=${() => this.load.retry()}>Try again</button></p>`;
    if (!shown) return html`<p class="failed soft" role="status">Adding it up …</p>`;
    return html`${this.headline(shown)}${shown.secrets.length > 0 ? this.secrets(shown.secrets) : nothing}
      ${shown.paths.length > 0 ? this.paths(shown) : html`<p class="none">Every file that a layer brings is in the image as it is: nothing was written twice, and nothing was deleted later.</p>`}`;
  }

  private headline({ total, kept, reclaimable, score }: Waste): TemplateResult {
    const kept100 = total > 0 ? (kept / total) * 100 : 100;
    return html`<section class="head"><div>
        <p class="number-big" title=${exactBytes(reclaimable)}>${formatBytes(reclaimable)}</p>
        <p class="soft">could be reclaimed: ${formatShare(reclaimable, total)} of ${formatBytes(total)} in all layers, unpacked. A squashed image would not have them.</p></div>
      <div class="score"><span class="soft">Efficiency</span><b>${(score * 100).toFixed(score > 0.999 ? 0 : 1)} %</b></div>
      <div class="bar" role="img" aria-label=${`${formatBytes(kept)} show, ${formatBytes(reclaimable)} do not`}><i class="kept" ${vars({ width: `${kept100.toFixed(2)}%` })}></i><i class="lost"></i></div>
      <p class="legend soft"><span><i class="kept"></i>${formatBytes(kept)} show in the image</span><span><i class="lost"></i>${formatBytes(reclaimable)} do not: written over, or deleted</span></p></section>`;
  }

  private secrets(list: readonly BuriedSecret[]): TemplateResult {
    return html`<section class="secrets"><h2>${icon('lock')}${plural(list.length, 'file', 'files')} that may be secret ${list.length === 1 ? 'is' : 'are'} deleted, but still in the image</h2>
      <p>Whoever can pull the image can read them out of the lower layer. By their names they may be what is said here; nobody has looked inside.</p>
      <ul>${list.slice(0, 50).map(({ path, layer, removedBy, what, size }) => html`<li>
        <span class="path mono">${this.pathLink(path)}</span><span class="number">${formatBytes(size)}</span>
        <span class="said">Named like ${safe(what, 100)}. Still in layer ${this.layerLink(layer)}; layer ${this.layerLink(removedBy)} deleted it.</span></li>`)}</ul>
      ${list.length > 50 ? html`<p>${formatCount(list.length - 50)} more are not listed.</p>` : nothing}
      <p class="soft">If they are what they seem: change them, then build the image without them. A later layer cannot take them out.</p></section>`;
  }

  private paths({ paths, count, reclaimable }: Waste): TemplateResult {
    const most = paths[0]?.bytes ?? 1;
    return html`<h2>Where it is <small class="soft">${plural(count, 'path')}, the worst first</small></h2>
      <div class="scroll"><table><thead><tr><th scope="col">Path</th><th scope="col" class="number">Bytes lost</th><th scope="col" class="wide">Share</th><th scope="col">Written by</th><th scope="col">Lost to</th></tr></thead>
      <tbody>${paths.map((path) => this.path(path, most, reclaimable))}</tbody></table></div>
      ${paths.length < count ? html`<button type="button" ?disabled=${this.load.current.state === 'loading'} @click=${() => { this.limit += 4 * STEP; }}>Show ${formatCount(Math.min(4 * STEP, count - paths.length))} more of ${formatCount(count)}</button>` : nothing}`;
  }

  private path({ path, bytes, copies, writers, remover, present }: WastePath, most: number, all: number): TemplateResult {
    return html`<tr><td class="path mono">${this.pathLink(path)}</td>
      <td class="number" title=${exactBytes(bytes)}>${formatBytes(bytes)}</td>
      <td class="wide" title=${`${formatShare(bytes, all)} of what could be reclaimed`}><span class="part"><i ${vars({ width: `${((bytes / most) * 100).toFixed(1)}%` })}></i></span></td>
      <td class="who">${writers.slice(0, 4).map((place) => this.layerLink(place))}${writers.length > 4 ? html` <span class="soft">+${writers.length - 4}</span>` : nothing}
        ${copies > 1 ? html`<span class="soft">${plural(copies, 'copy', 'copies')}</span>` : this.command(writers[0])}</td>
      <td class="who">${this.layerLink(remover)} <span class="soft">${present ? 'wrote it anew' : 'deleted it'}</span>${this.command(remover)}</td></tr>`;
  }

  private command(place: number | undefined): unknown {
    const name = place === undefined ? undefined : this.layers[place];
    return name ? html`<span class="command mono">${safe(cap(name.command.replace(/\s+/g, ' '), 80), 81)}</span>` : nothing;
  }

  private pathLink(path: string): TemplateResult {
    const text = safe(cap(path, 300));
    return this.link ? html`<a href=${this.link({ path })} title=${visible(cap(path, 1000))}>${text}</a>`
      : html`<button class="plain" type="button" @click=${() => this.send('portolan-path', path)}>${text}</button>`;
  }

  private layerLink(place: number): TemplateResult {
    const mark = layerMark(this.layers[place], place);
    return this.link ? html`<a class="layer" href=${this.link({ layer: place })} aria-label=${`Layer ${place + 1}`}>${mark}</a>`
      : html`<button class="plain" type="button" aria-label=${`Layer ${place + 1}`} @click=${() => this.send('portolan-layer', place)}>${mark}</button>`;
  }

  private send(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-waste': WasteView }
}
