import type { Descriptor, Referrers } from 'portolan';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { exactBytes, formatBytes, formatCount } from '../analysis/format';
import { groupReferrers, REFERRER_GROUPS } from '../analysis/referrers';
import { formatRoute, imageRoute } from '../analysis/route';
import { Load } from '../data/load';
import { client, type RegistryEntry } from '../data/session';
import { More } from '../ui/more';
import { safe, safeOrLink } from '../ui/safe';
import { shared } from '../ui/shared';
import { troublePanel } from '../ui/trouble';
import '../ui/digest-chip';

/** What names a manifest as its subject, grouped by what it says it is. */
@customElement('portolan-referrers')
export class ReferrersView extends LitElement {
  static override styles = [shared, css`
    :host { padding-top: 16px; }
    section { margin-bottom: 24px; }
    :host { max-width: 1080px; }
    .of { padding-block: 4px 10px; }
    h3 small { color: var(--ink-faint); font-weight: 400; font-size: var(--size-s); }
    .about, .note { color: var(--ink-soft); padding-bottom: 6px; }
    li { display: grid; grid-template-columns: minmax(0, 1.2fr) auto 80px; gap: 4px 20px; align-items: start; padding: 8px 0; border-top: 1px solid var(--line); }
    dl { grid-column: 1 / -1; display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 16px; font-size: var(--size-s); }
    dt { color: var(--ink-faint); max-width: 42vw; overflow-wrap: anywhere; }
    .skeleton { height: 14px; margin-block: 10px; width: 60%; }
    @media (max-width: 640px) { li { grid-template-columns: minmax(0, 1fr) auto; } li > a { grid-column: 1 / -1; } dl { grid-template-columns: 1fr; } dd { padding-bottom: 4px; } }
  `];

  @property({ attribute: false }) entry!: RegistryEntry;
  @property() repository = '';
  @property() digest = '';
  /** Whose referrers these are, where a view shows those of more than one manifest. */
  @property() of = '';
  private readonly load = new Load<Referrers>(this);
  private readonly more = new More(this);

  protected override willUpdate(): void {
    const { entry, repository, digest } = this;
    this.load.run(`${entry.id}/${repository}@${digest}`, async (signal) => (await client(entry)).referrers(repository, digest, { signal }));
  }

  protected override render(): unknown {
    const { current } = this.load;
    const head = this.of ? html`<h2 class="of">${safe(this.of)}</h2>` : nothing;
    if (current.state === 'failed') {
      return html`${head}${troublePanel(this.entry, current.error, 'referrers', this.repository, () => this.load.retry())}`;
    }
    if (current.state !== 'ready') return html`${head}<div aria-busy="true" aria-label="Loading the referrers">${[1, 2, 3].map(() => html`<span class="skeleton"></span>`)}</div>`;
    const { referrers, truncated, source } = current.value;
    if (referrers.length === 0 && !truncated) {
      return html`${head}<p class="note">Nothing refers to it: no signature, no bill of materials, no attestation names this digest as its subject.
        ${source === 'tag-schema' ? 'The registry has no referrers API; the tag that stands for it was looked up.' : nothing}</p>`;
    }
    const groups = groupReferrers(referrers);
    return html`${head}
      ${truncated ? html`<p class="note"><strong>Showing ${formatCount(referrers.length)} of at least ${formatCount(referrers.length)}:</strong>
        the listing ended at page ${truncated.page}. ${safe(truncated.message)}.</p>` : nothing}
      ${REFERRER_GROUPS.filter(({ id }) => groups[id].length > 0).map(({ id, title, about }) => {
        const { items, button } = this.more.cut(id, groups[id]);
        return html`<section><h3>${title} <small>${formatCount(groups[id].length)}</small></h3><p class="about">${about}</p>
          <ul>${items.map((item) => this.item(item))}</ul>${button}</section>`;
      })}`;
  }

  private item(referrer: Descriptor): TemplateResult {
    const type = referrer.artifactType ?? referrer.mediaType;
    const annotations = Object.entries(referrer.annotations).slice(0, 12);
    return html`<li><a class="mono" href=${formatRoute(imageRoute(this.entry.id, this.repository, { digest: referrer.digest }))}>${safe(type)}</a>
      <portolan-digest .digest=${referrer.digest}></portolan-digest>
      <span class="number" title=${exactBytes(referrer.size)}>${formatBytes(referrer.size)}</span>
      ${annotations.length > 0 ? html`<dl>${annotations.map(([name, value]) => html`<dt>${safe(name, 120)}</dt><dd>${safeOrLink(value)}</dd>`)}</dl>` : nothing}</li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-referrers': ReferrersView }
}
