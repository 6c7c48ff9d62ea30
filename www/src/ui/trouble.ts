import { html, nothing } from 'lit';
import { describeTrouble, toFailure, type Scene } from '../analysis/trouble';
import { signedIn, type RegistryEntry } from '../data/session';
import './diagnosis';
import './sign-in';
import './trouble-panel';

/** The scene of a failure at a registry. */
export function sceneOf(entry: RegistryEntry, what: string, repository?: string): Scene {
  return {
    what, mode: entry.mode, registryHost: entry.pullHost,
    scope: repository ? `repository:${repository}:pull` : what === 'repositories' ? 'registry:catalog:*' : undefined,
  };
}

/** The panel for an error of this registry; where signing in may help, with the form for it. */
export function troublePanel(entry: RegistryEntry, error: unknown, what: string, repository: string | undefined, retry: () => void): unknown {
  const trouble = describeTrouble(error, sceneOf(entry, what, repository));
  const canSignIn = trouble.state === 'denied' && entry.mode === 'direct';
  const user = signedIn.value.get(entry.id) ?? '';
  // A credential that was not taken is asked for again; one that was taken, but may not read this, can only be changed.
  const rejected = toFailure(error).kind === 'Unauthorized';
  return html`<portolan-trouble .trouble=${trouble} @retry=${retry}>
    ${canSignIn ? html`<portolan-sign-in .entry=${entry} .as=${rejected ? '' : user} .rejected=${rejected ? user : ''} @signed-in=${retry}></portolan-sign-in>` : nothing}
    ${trouble.state === 'blocked' ? html`<portolan-diagnosis .entry=${entry}></portolan-diagnosis>` : nothing}
  </portolan-trouble>`;
}
