// The emulator that these tests drive: started by whoever runs them, described by the file that it wrote.
import { readFileSync } from 'node:fs';

/** What `portolan emulate --info` wrote. */
export const world = JSON.parse(readFileSync(process.env.PORTOLAN_TEST_EMULATOR, 'utf8'));

/** A service principal by its role. */
export function principal(role) {
  const found = world.service_principals.find((one) => one.role === role);
  if (!found) throw new Error(`the emulator has no ${role}`);
  return found;
}

/** A credential as Azure's SDKs want it, with the emulator's authority behind it. */
export function credential(role) {
  const { client_id, client_secret } = principal(role);
  return {
    async getToken(scopes) {
      const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret, scope: [scopes].flat().join(' ') });
      const response = await fetch(`${world.authority}/${world.tenant}/oauth2/v2.0/token`, { method: 'POST', body });
      const answer = await response.json();
      if (!response.ok) throw new Error(`${answer.error}: ${answer.error_description}`);
      return { token: answer.access_token, expiresOnTimestamp: Date.now() + answer.expires_in * 1000 };
    },
  };
}
