import type { RegistryEntry } from '../data/session';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { Load } from '../data/load';
import { client } from '../data/session';
import { safe } from './safe';
import { shared } from './shared';
import './copy-button';

/** What the SDK found out about a blocked registry. */
interface Findings {
  reachable: boolean;
  error?: { status?: number };
  advice?: string;
  missingHeaders: { name: string; value: string }[];
}

/** Why the browser may not read a registry: which headers are missing, each as a line to add to its configuration. */
@customElement('portolan-diagnosis')
export class Diagnosis extends LitElement {
  static override styles = [shared, css`
    ul { display: grid; gap: 4px; margin-block: 4px; }
    li { display: flex; align-items: center; gap: 4px; min-width: 0; }
    code { padding: 5px 10px; background: var(--paper-sunken); border-radius: var(--radius); overflow-x: auto; white-space: pre; min-width: 0; }
  `];

  @property({ attribute: false }) entry!: RegistryEntry;
  private readonly load = new Load<Findings>(this);

  protected override willUpdate(): void {
    const { entry } = this;
    this.load.run(entry.id, async (signal) => (await client(entry)).diagnose({ signal }));
  }

  protected override render(): unknown {
    const { current } = this.load;
    if (current.state === 'loading' || current.state === 'idle') return html`<p class="soft">Finding out what is missing …</p>`;
    if (current.state === 'failed') return nothing;
    const { reachable, error } = current.value;
    const readable = reachable || error?.status !== undefined;
    const { advice, missingHeaders } = readable ? PREFLIGHT : current.value;
    return html`${advice ? html`<p>${safe(advice, 600)}</p>` : nothing}
      <ul>${missingHeaders.map(({ name, value }) => {
        const line = `${name}: ${value}`;
        return html`<li><code tabindex="0">${safe(line, 400)}</code><portolan-copy .text=${line} what="this line"></portolan-copy></li>`;
      })}</ul>`;
  }
}

/**
 * `/v2/` can be read, but not this: browsers ask leave (a preflight) for requests whose headers are not of the simplest kind, as
 * the `Accept` of manifests is not.
 */
const PREFLIGHT = {
  advice: 'The registry lets this page read its /v2/, but not make this request. It would have to answer the browser’s OPTIONS request with:',
  missingHeaders: [{ name: 'Access-Control-Allow-Headers', value: 'accept, authorization, range' }],
};

declare global {
  interface HTMLElementTagNameMap { 'portolan-diagnosis': Diagnosis }
}
