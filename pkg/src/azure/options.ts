import type { AzureOptions, Identity } from './types.js';

/** Options as the module reads them: flat, and a copy. */
export type Settings = Readonly<Record<string, unknown>>;

/** Cloud, identity and limits. */
export function settings(options: AzureOptions, identity?: Identity): Settings {
  const { cloud = 'public', limits } = options;
  const place = typeof cloud === 'string'
    ? { cloud }
    : { cloud: 'custom', arm: cloud.arm, authority: cloud.authority, audience: cloud.audience ?? 'https://management.azure.com', identityEndpoint: cloud.identityEndpoint };
  return { ...place, ...(identity && shown(identity)), limits: { ...limits } };
}

function shown(identity: Identity): Settings {
  if ('clientSecret' in identity) return { kind: 'secret', tenant: identity.tenant, clientId: identity.clientId, secret: identity.clientSecret };
  if ('refreshToken' in identity) return { kind: 'refresh', tenant: identity.tenant, clientId: identity.clientId, secret: identity.refreshToken };
  if ('accessToken' in identity) return { kind: 'token', secret: identity.accessToken, expires: identity.expires };
  const { managedIdentity } = identity;
  return { kind: 'managed', clientId: managedIdentity === true ? undefined : managedIdentity.clientId };
}
