import type { CallOptions } from '../types.js';
import { settings } from './options.js';
import { Session } from './session.js';
import type { AzureOptions, DeviceCode, Identity } from './types.js';

export interface SignInOptions extends AzureOptions, CallOptions {
  /** An id, a domain name, `organizations` or `common`. */
  tenant: string;
  /** The application by way of which the user signs in. */
  clientId: string;
  /** Is told code and address. */
  show(code: DeviceCode): void;
}

/** Signs a person in on another device. What comes of it can be used as `identity`, and kept like a password. */
export async function signIn(options: SignInOptions): Promise<Identity & { refreshToken: string }> {
  const { tenant, clientId, show, fetch, clock } = options;
  const inner = settings(options);
  const session = new Session(({ Azure }) => Azure.anonymous(undefined, inner as never, fetch, clock));
  const refreshToken = await session.run(options, async (module, signal) => {
    const login = await module.device(inner as never, tenant, clientId, signal);
    try {
      show(JSON.parse(login.record()) as DeviceCode);
      return await login.poll(signal) as string | undefined;
    } finally {
      login.free();
    }
  });
  return { tenant, clientId, refreshToken: refreshToken ?? '' };
}
