import type { ImageConfig } from 'portolan';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatCount } from '../analysis/format';
import { More } from '../ui/more';
import { safe, safeOrLink, time } from '../ui/safe';
import { shared } from '../ui/shared';
import { saveBytes } from '../ui/save';
import { shortDigest } from '../analysis/digest';
import '../ui/digest-chip';
import '../ui/long-text';
import './json-tree';

/** The config of an image: how it runs, what it is labelled with, how it came about. */
@customElement('portolan-config')
export class ConfigView extends LitElement {
  static override styles = [shared, css`
    :host { padding-top: 16px; }
    .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 24px 40px; align-items: start; }
    section { display: grid; gap: 8px; min-width: 0; }
    h2 small { color: var(--ink-faint); font-weight: 400; font-size: var(--size-s); }
    dl { display: grid; grid-template-columns: minmax(110px, 32%) minmax(0, 1fr); }
    dt, dd { padding: 4px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; min-width: 0; }
    dt { color: var(--ink-soft); padding-inline-end: 16px; }
    dl.pairs { grid-template-columns: minmax(110px, max-content) minmax(0, 1fr); }
    dl.pairs dt { max-width: 290px; }
    dl.mono { font-size: 12.5px; }
    .raw { margin-top: 28px; }
    .raw .head { display: flex; align-items: center; gap: 12px; flex-wrap: wrap; }
    @media (max-width: 640px) { dl, dl.pairs { grid-template-columns: 1fr; } dt { border: 0; padding-bottom: 0; font-size: var(--size-s); } dd { padding-top: 0; } }
  `];

  @property({ attribute: false }) config!: ImageConfig;
  private readonly more = new More(this);

  protected override render(): unknown {
    const { config } = this;
    const labels = Object.entries(config.labels);
    const env = config.env.map((line): [string, string] => {
      const mark = line.indexOf('=');
      return mark < 0 ? [line, ''] : [line.slice(0, mark), line.slice(mark + 1)];
    });
    return html`<div class="columns">
      <section><h2>Runs</h2><dl>${this.runs().map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>
      ${this.table('Environment', env, true)}
      ${this.table('Labels', labels, false)}
      <section><h2>Made</h2><dl>
        <dt>Created</dt><dd>${time(config.created)}</dd>
        <dt>Author</dt><dd>${config.author ? html`<portolan-long .text=${config.author}></portolan-long>` : none()}</dd>
        <dt>Config</dt><dd><portolan-digest .digest=${config.digest}></portolan-digest></dd>
        <dt>Unpacked layers</dt><dd>${this.digests(config.diffIds)}</dd>
      </dl></section></div>
      <section class="raw"><div class="head"><h2>As stored</h2><button type="button" @click=${this.save}>Download the raw bytes</button></div>
        <portolan-json depth="1" .bytes=${config.bytes}></portolan-json></section>`;
  }

  private runs(): [string, unknown][] {
    const { config } = this;
    const platform = [config.os, config.architecture, config.variant].filter(Boolean).join('/');
    return [
      ['Platform', platform ? safe(platform + (config.osVersion ? ` ${config.osVersion}` : '')) : none()],
      ['Entrypoint', words(config.entrypoint)],
      ['Command', words(config.cmd)],
      ['User', config.user ? safe(config.user) : html`<span class="soft">root, as none is set</span>`],
      ['Directory', config.workingDir ? html`<span class="mono">${safe(config.workingDir)}</span>` : none()],
      ['Ports', this.list('ports', config.exposedPorts)],
      ['Volumes', this.list('volumes', config.volumes)],
      ['Stop signal', config.stopSignal ? safe(config.stopSignal) : none()],
    ];
  }

  private table(title: string, entries: [string, string][], mono: boolean): TemplateResult {
    const { items, button } = this.more.cut(title, entries);
    return html`<section><h2>${title} <small>${formatCount(entries.length)}</small></h2>
      ${entries.length === 0 ? html`<p class="soft">none</p>` : html`<dl class=${mono ? 'pairs mono' : 'pairs'}>${items.map(([name, value]) => html`
        <dt>${safe(name, 120)}</dt><dd>${value.length > 300 ? html`<portolan-long .text=${value}></portolan-long>` : safeOrLink(value)}</dd>`)}</dl>`}
      <div>${button}</div></section>`;
  }

  private list(name: string, values: readonly string[]): unknown {
    if (values.length === 0) return none();
    const { items, button } = this.more.cut(name, values);
    return html`${items.map((value) => html`<div class="mono">${safe(value)}</div>`)}${button}`;
  }

  private digests(values: readonly string[]): unknown {
    if (values.length === 0) return none();
    const { items, button } = this.more.cut('diffs', values);
    return html`${items.map((value) => html`<div><portolan-digest .digest=${value}></portolan-digest></div>`)}${button}`;
  }

  private save(): void {
    saveBytes([this.config.bytes as BlobPart], `config-${shortDigest(this.config.digest)}.json`);
  }
}

function words(list: readonly string[] | undefined): unknown {
  if (!list || list.length === 0) return none();
  return html`<span class="mono"><portolan-long .text=${JSON.stringify(list)}></portolan-long></span>`;
}

function none(): TemplateResult {
  return html`<span class="soft">none</span>`;
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-config': ConfigView }
}
