import type { AcrManifest, AcrRepository, AcrTag, AzureSettings, Newest, Replications, Sounding, Usages } from '../analysis/azure';
import type { Failure } from '../analysis/trouble';
import { targetText, type ImageName } from '../analysis/route';

/** Where the views over Azure get what they show. The portal's is its own server; a page that embeds them may bring another. */
export interface AzureSource {
  settings(signal: AbortSignal): Promise<AzureSettings>;
  usages(signal: AbortSignal): Promise<Usages>;
  replications(signal: AbortSignal): Promise<Replications>;
  /** Of a region's own endpoint; with a name, whether it serves it. */
  sound(region: string, name: ImageName | undefined, signal: AbortSignal): Promise<Sounding>;
  newest(region: string, repository: string, signal: AbortSignal): Promise<Newest>;
  repository(name: string, signal: AbortSignal): Promise<AcrRepository>;
  tag(repository: string, tag: string, signal: AbortSignal): Promise<AcrTag>;
  manifest(repository: string, digest: string, signal: AbortSignal): Promise<AcrManifest>;
  /** A page of manifests, the newest first; `next` of the page before leads to the one after it. */
  manifests(repository: string, next: string | undefined, signal: AbortSignal): Promise<{ manifests: AcrManifest[]; next?: string }>;
}

/** Manifests asked for at a time. */
export const MANIFESTS = 100;

const sources = new Map<string, AzureSource>();

/** The portal's own server; one for each registry. */
export function azureSource(registry: string): AzureSource {
  const known = sources.get(registry) ?? relaySource(registry);
  sources.set(registry, known);
  return known;
}

function relaySource(registry: string): AzureSource {
  const base = `/api/registries/${encodeURIComponent(registry)}/azure/`;
  const read = async <T>(path: string, signal: AbortSignal): Promise<{ value: T; answer: Response }> => readJson<T>(base + path, signal);
  const get = async <T>(path: string, signal: AbortSignal): Promise<T> => (await read<T>(path, signal)).value;
  return {
    settings: (signal) => get('registry', signal),
    usages: (signal) => get('usages', signal),
    replications: (signal) => get('replications', signal),
    sound: (region, name, signal) => get(name ? `regions/${region}/${name.repository}/manifests/${targetText(name.target)}` : `regions/${region}`, signal),
    newest: (region, repository, signal) => get(`regions/${region}/${repository}/tags/newest`, signal),
    repository: (name, signal) => get(`acr/v1/${name}`, signal),
    tag: async (repository, tag, signal) => (await get<{ tag: AcrTag }>(`acr/v1/${repository}/_tags/${tag}`, signal)).tag,
    manifest: async (repository, digest, signal) => (await get<{ manifest: AcrManifest }>(`acr/v1/${repository}/_manifests/${digest}`, signal)).manifest,
    manifests: async (repository, next, signal) => {
      const path = `acr/v1/${repository}/_manifests`;
      const { value, answer } = await read<{ manifests?: AcrManifest[] | null }>(path + (next ?? `?orderby=timedesc&n=${MANIFESTS}`), signal);
      return { manifests: value.manifests ?? [], next: nextQuery(answer.headers.get('link')) };
    },
  };
}

/** Of a link to the next page only the query is taken. */
function nextQuery(link: string | null): string | undefined {
  const address = /^\s*<([^>]*)>\s*;\s*rel="?next"?/i.exec(link ?? '')?.[1];
  const mark = address?.indexOf('?') ?? -1;
  return address === undefined || mark < 0 ? undefined : address.slice(mark);
}

async function readJson<T>(path: string, signal: AbortSignal): Promise<{ value: T; answer: Response }> {
  let answer: Response;
  try {
    answer = await fetch(path, { headers: { accept: 'application/json' }, credentials: 'same-origin', signal });
  } catch (error) {
    if (signal.aborted && signal.reason instanceof DOMException && signal.reason.name === 'AbortError') throw error;
    throw failure('Network', 'The portal’s own server did not answer');
  }
  const body: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw refusal(answer, body);
  if (typeof body !== 'object' || body === null) throw failure('InvalidJson', 'The portal’s server answered something that is no JSON');
  return { value: body as T, answer };
}

const KINDS = new Map<number, Failure['kind']>([[401, 'Unauthorized'], [403, 'Denied'], [404, 'NotFound'], [429, 'RateLimited'], [502, 'Network'], [503, 'Unavailable'], [504, 'Timeout']]);

function refusal(answer: Response, body: unknown): Failure {
  const first = (body as { errors?: { code?: unknown; message?: unknown }[] } | undefined)?.errors?.[0];
  const { code, message } = first ?? {};
  const after = Number(answer.headers.get('retry-after') ?? NaN);
  return {
    ...failure(KINDS.get(answer.status) ?? 'UnexpectedResponse', typeof message === 'string' ? message : `The server answered ${answer.status}`),
    status: answer.status, code: typeof code === 'string' ? code : undefined, retryAfter: Number.isFinite(after) ? after : undefined,
  };
}

function failure(kind: Failure['kind'], message: string): Failure {
  return { kind, message, retryable: kind === 'Network' || kind === 'RateLimited' || kind === 'Unavailable' || kind === 'Timeout' };
}
