import { allowScript } from './analysis/script-address';

interface Policies { createPolicy(name: string, rules: { createScriptURL(address: string): string | null }): unknown }

/*
 * Under `require-trusted-types-for 'script'` the address of a worker is a sink: this policy lets through scripts of the portal's own
 * assets and refuses all else. There is none for markup and for scripts as text, which stay forbidden. Loaded before everything else.
 */
const { trustedTypes } = globalThis as { trustedTypes?: Policies };
trustedTypes?.createPolicy('default', { createScriptURL: (address) => allowScript(address, import.meta.url) });
