import type { Clock, Limits, RegistryOptions } from './types.js';

/** Options as the module reads them: flat, and a copy, so that later changes of the caller's object change nothing. */
export interface Settings {
  readonly fetch: typeof fetch | undefined;
  readonly clock: Clock | undefined;
  readonly module: {
    readonly username: string | undefined;
    readonly password: string | undefined;
    readonly identityToken: string | undefined;
    readonly registryToken: string | undefined;
    /** One per line. */
    readonly trustedRealms: string;
    readonly plainHttp: boolean;
    readonly limits: Partial<Limits>;
  };
}

export function settings(options: RegistryOptions): Settings {
  const credential: Partial<Record<'username' | 'password' | 'identityToken' | 'registryToken', string>> = options.credential ?? {};
  return {
    fetch: options.fetch,
    clock: options.clock,
    module: {
      username: credential.username,
      password: credential.password,
      identityToken: credential.identityToken,
      registryToken: credential.registryToken,
      trustedRealms: (options.trustedRealms ?? []).join('\n'),
      plainHttp: options.plainHttp ?? false,
      limits: { ...options.limits },
    },
  };
}
