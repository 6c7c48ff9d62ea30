import { describeTrouble, toFailure, type Trouble } from './trouble';

/** What Azure's management API did not tell, and who must act. */
export function azureTrouble(error: unknown, what: string): Trouble {
  const failure = toFailure(error);
  const trouble = describeTrouble(error, { what, mode: 'relay', registryHost: 'Azure' });
  if (failure.kind === 'Denied' || failure.kind === 'Unauthorized') {
    return {
      ...trouble, state: 'denied', retry: true, title: `Azure did not allow reading the ${what}`,
      steps: ['The identity that the portal’s server has in Azure needs the role Reader on this registry. A new role may take ten minutes.'],
      remedy: 'az role assignment create --role Reader --assignee IDENTITY --scope REGISTRY_ID',
    };
  }
  if (failure.kind === 'NotFound') {
    return { ...trouble, title: `Azure knows no ${what} of this registry`, steps: ['Check subscription, group and name in the configuration of the portal’s server.'], retry: true };
  }
  return { ...trouble, title: trouble.title.replace('registry', 'management API') };
}
