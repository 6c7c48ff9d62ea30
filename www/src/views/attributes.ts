import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { lockSentence, type AcrManifest, type AcrRepository, type AcrTag, type Changeable } from '../analysis/azure';
import { exactBytes, formatBytes, plural } from '../analysis/format';
import { describeTrouble } from '../analysis/trouble';
import type { AzureSource } from '../data/azure';
import { Load } from '../data/load';
import { icon } from '../ui/icons';
import { safe, time } from '../ui/safe';
import { shared } from '../ui/shared';
import '../ui/digest-chip';
import '../ui/trouble-panel';

const FLAGS: readonly [keyof Changeable, string][] = [['readEnabled', 'pull'], ['writeEnabled', 'change'], ['deleteEnabled', 'delete'], ['listEnabled', 'list']];

/** What ACR knows of a tag, its manifest and its repository beyond the distribution API: times, sizes, and what is locked. */
@customElement('portolan-attributes')
export class Attributes extends LitElement {
  static override styles = [shared, css`
    :host { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 20px; padding-top: 16px; align-items: start; }
    section { border: 1px solid var(--line); border-radius: var(--radius); background: var(--paper-raised); padding: 14px 16px; display: grid; gap: 8px; min-width: 0; }
    h2 small { font-weight: 400; color: var(--ink-soft); font-size: var(--size); overflow-wrap: anywhere; }
    dl { display: grid; grid-template-columns: 110px minmax(0, 1fr); gap: 3px 12px; }
    dt { color: var(--ink-soft); }
    dd { overflow-wrap: anywhere; min-width: 0; }
    .locked { color: var(--caution); display: flex; gap: 8px; align-items: center; font-weight: 600; }
    .open { color: var(--ink-soft); }
    .flags { display: flex; flex-wrap: wrap; gap: 4px 16px; }
    .flags li[data-off] { color: var(--caution); }
    .flags b { font-family: var(--mono); }
    .flags li:not([data-off]) b { color: var(--good); }
    .skeleton { height: 120px; }
  `];

  @property({ attribute: false }) source!: AzureSource;
  @property() repository = '';
  @property() tag = '';
  @property() digest = '';
  private readonly tagged = new Load<AcrTag>(this);
  private readonly manifest = new Load<AcrManifest>(this);
  private readonly whole = new Load<AcrRepository>(this);

  protected override willUpdate(): void {
    const { source, repository, tag, digest } = this;
    if (tag) this.tagged.run(`${repository}:${tag}`, (signal) => source.tag(repository, tag, signal));
    if (digest) this.manifest.run(`${repository}@${digest}`, (signal) => source.manifest(repository, digest, signal));
    this.whole.run(repository, (signal) => source.repository(repository, signal));
  }

  protected override render(): unknown {
    return html`
      ${this.tag ? html`<section><h2>Tag <small>${safe(this.tag, 130)}</small></h2>${this.shown(this.tagged, 'attributes of the tag', (tag) => this.tagFacts(tag))}</section>` : nothing}
      ${this.digest ? html`<section><h2>Manifest</h2>${this.shown(this.manifest, 'attributes of the manifest', (manifest) => this.manifestFacts(manifest))}</section>` : nothing}
      <section><h2>Repository <small>${safe(this.repository, 200)}</small></h2>${this.shown(this.whole, 'attributes of the repository', (whole) => this.repositoryFacts(whole))}</section>`;
  }

  private shown<T>(load: Load<T>, what: string, show: (value: T) => unknown): unknown {
    const { current } = load;
    if (current.state === 'failed') {
      const scene = { what, mode: 'relay', registryHost: 'the registry', scope: `repository:${this.repository}:metadata_read` } as const;
      return html`<portolan-trouble .trouble=${{ ...describeTrouble(current.error, scene), remedy: undefined }} @retry=${() => load.retry()}></portolan-trouble>`;
    }
    return current.state === 'ready' ? show(current.value) : html`<span class="skeleton" role="status" aria-label=${`Reading the ${what}`}></span>`;
  }

  private tagFacts({ digest, createdTime, lastUpdateTime, signed, changeableAttributes }: AcrTag): TemplateResult {
    return html`${locks(changeableAttributes)}<dl>
      <dt>Names</dt><dd><portolan-digest .digest=${digest}></portolan-digest></dd>
      <dt>Created</dt><dd>${time(createdTime)}</dd><dt>Last moved</dt><dd>${time(lastUpdateTime)}</dd>
      <dt>Notary signed</dt><dd>${signed ? 'yes' : 'no'}</dd></dl>`;
  }

  private manifestFacts({ digest, imageSize, createdTime, lastUpdateTime, mediaType, tags = [], changeableAttributes }: AcrManifest): TemplateResult {
    return html`${locks(changeableAttributes)}<dl>
      <dt>Digest</dt><dd><portolan-digest .digest=${digest}></portolan-digest></dd>
      ${imageSize === undefined ? nothing : html`<dt>Size</dt><dd title=${exactBytes(imageSize)}>${formatBytes(imageSize)}</dd>`}
      <dt>Arrived</dt><dd>${time(createdTime)}</dd><dt>Last changed</dt><dd>${time(lastUpdateTime)}</dd>
      <dt>Tags</dt><dd>${tags.length === 0 ? html`<span class="soft">none: it is untagged</span>` : tags.slice(0, 20).map((tag, at) => html`${at > 0 ? ', ' : ''}${safe(tag, 130)}`)}${tags.length > 20 ? ` and ${tags.length - 20} more` : ''}</dd>
      ${mediaType ? html`<dt>Type</dt><dd class="mono">${safe(mediaType, 200)}</dd>` : nothing}</dl>`;
  }

  private repositoryFacts({ manifestCount, tagCount, createdTime, lastUpdateTime, changeableAttributes }: AcrRepository): TemplateResult {
    return html`${locks(changeableAttributes)}<dl>
      ${tagCount === undefined ? nothing : html`<dt>Holds</dt><dd>${plural(tagCount, 'tag')}${manifestCount === undefined ? nothing : `, ${plural(manifestCount, 'manifest')}`}</dd>`}
      <dt>Created</dt><dd>${time(createdTime)}</dd><dt>Last changed</dt><dd>${time(lastUpdateTime)}</dd></dl>`;
  }
}

/** What is locked, in a sentence; then each attribute. */
export function locks(attributes: Changeable = {}): TemplateResult {
  const sentence = lockSentence(attributes);
  return html`${sentence ? html`<p class="locked">${icon('lock')}<span>Locked. ${sentence}</span></p>` : html`<p class="open">Not locked.</p>`}
    <ul class="flags" aria-label="What is allowed">${FLAGS.map(([flag, word]) => {
      const off = attributes[flag] === false;
      return html`<li ?data-off=${off}><b aria-hidden="true">${off ? '×' : '✓'}</b> ${word}<span class="visually-hidden">${off ? ': not allowed' : ': allowed'}</span></li>`;
    })}</ul>`;
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-attributes': Attributes }
}
