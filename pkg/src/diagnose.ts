import { aborted, PortolanError } from './error.js';
import type { Settings } from './options.js';
import type { CallOptions, Diagnosis, Ping } from './types.js';

/** How long the probe may take, in milliseconds. */
const PROBE = 10_000;

/** Response headers that the protocol lives by and that CORS hides unless they are named. */
const READ = 'content-range, docker-content-digest, link, oci-filters-applied, retry-after, www-authenticate';

interface Subject {
  readonly url: string;
  ping(options: CallOptions): Promise<Ping>;
}

/**
 * Pings; where the browser hides the answer, a `no-cors` request tells "something answers" from "nothing does": such a
 * request succeeds without CORS headers, and shows nothing of the answer.
 */
export async function diagnose(registry: Subject, settings: Settings, signal: AbortSignal | undefined): Promise<Diagnosis> {
  try {
    await registry.ping({ signal });
    return { reachable: true, answers: true, missingHeaders: [] };
  } catch (error) {
    if (!(error instanceof PortolanError) || error.kind === 'Aborted') throw error;
    if (error.kind !== 'BlockedByBrowser') return { reachable: false, missingHeaders: [], error };
    return explain(error, await answers(registry, error, settings, signal), settings);
  }
}

function explain(error: PortolanError, answers: boolean, { module }: Settings): Diagnosis {
  const host = error.host ?? 'the registry';
  if (!answers) {
    const advice = `Nothing answers at ${host}: it is down, its name or certificate is wrong, or the browser refuses the connection.`;
    return { reachable: false, answers, missingHeaders: [], advice, error };
  }
  const missingHeaders = [
    { name: 'Access-Control-Allow-Origin', value: globalThis.location?.origin ?? '*' },
    { name: 'Access-Control-Expose-Headers', value: READ },
  ];
  if (module.username !== undefined || module.identityToken !== undefined || module.registryToken !== undefined) {
    missingHeaders.push({ name: 'Access-Control-Allow-Headers', value: 'authorization' });
  }
  const wanted = missingHeaders.map(({ name, value }) => `${name}: ${value}`).join(' and ');
  const advice = `${host} answers, but not to this page: it would have to send ${wanted}. Where that cannot be had, reach it through a portolan server.`;
  return { reachable: false, answers, missingHeaders, advice, error };
}

async function answers(registry: Subject, error: PortolanError, settings: Settings, signal: AbortSignal | undefined): Promise<boolean> {
  const send = settings.fetch ?? globalThis.fetch;
  const end = AbortSignal.timeout(PROBE);
  try {
    const answer = await send(probeAddress(registry.url, error.host), {
      mode: 'no-cors', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer',
      signal: signal ? AbortSignal.any([signal, end]) : end,
    });
    await answer.body?.cancel();
    return true;
  } catch {
    if (signal?.aborted) throw aborted(signal);
    return false;
  }
}

/** The registry's `/v2/`, or the root of the other host (a token service) that was being talked to. */
function probeAddress(registry: string, host: string | undefined): string {
  const base = new URL(registry);
  if (host !== undefined && host !== base.host) return `https://${host}/`;
  return new URL('v2/', base.href.endsWith('/') ? base : `${base.href}/`).href;
}
