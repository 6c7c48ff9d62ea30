import type { Credential, Registry } from 'portolan';
import type { AzureInfo } from '../analysis/azure';
import { Store } from './store';

/** A registry that the portal's server offers, as `GET /api/registries` tells. */
export interface RegistryEntry {
  id: string;
  name: string;
  address: string;
  mode: 'relay' | 'direct';
  signedInAs?: string;
  /** Why the server could not find out who it is there, such as a broken credential helper. */
  trouble?: string;
  plainHttp: boolean;
  /** Direct mode: token services on other origins that may be given the credential. */
  trustedRealms?: string[];
  /** Host and port as pull commands write it. */
  pullHost: string;
  /** Of a registry in Azure. */
  azure?: AzureInfo;
}

export type RegistryList =
  | { state: 'loading' }
  | { state: 'ready'; registries: RegistryEntry[] }
  | { state: 'failed'; message: string };

/** The registries of this portal. */
export const registryList = new Store<RegistryList>({ state: 'loading' });

/** Who is signed in directly, by registry id. Kept in this tab's memory only; a reload forgets it. */
export const signedIn = new Store<ReadonlyMap<string, string>>(new Map());

const credentials = new Map<string, Credential>();
const clients = new Map<string, Promise<Registry>>();

export async function loadRegistries(): Promise<void> {
  registryList.set({ state: 'loading' });
  try {
    const answer = await fetch('/api/registries', { headers: { accept: 'application/json' }, credentials: 'same-origin' });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    const body = await answer.json() as { registries: RegistryEntry[] };
    registryList.set({ state: 'ready', registries: body.registries });
  } catch (error) {
    registryList.set({ state: 'failed', message: error instanceof Error ? error.message : 'no answer' });
  }
}

export function findRegistry(id: string): RegistryEntry | undefined {
  const list = registryList.value;
  return list.state === 'ready' ? list.registries.find((entry) => entry.id === id) : undefined;
}

/** The client of a registry. The SDK and its wasm are loaded with the first one: the shell is painted without them. */
export function client(entry: RegistryEntry): Promise<Registry> {
  const known = clients.get(entry.id);
  if (known) return known;
  const created = openClient(entry, {});
  clients.set(entry.id, created);
  created.catch(() => clients.delete(entry.id));
  return created;
}

/** A client of its own, with page limits that a person raised for one long listing. */
export function patientClient(entry: RegistryEntry, pages: number): Promise<Registry> {
  return openClient(entry, { limits: { pages, items: pages * 1000 } });
}

/** Signs in to a registry that the tab reads directly. The credential stays in memory. */
export function signIn(entry: RegistryEntry, credential: Credential, as: string): void {
  credentials.set(entry.id, credential);
  clients.delete(entry.id);
  signedIn.update((map) => new Map(map).set(entry.id, as));
}

export function signOut(entry: RegistryEntry): void {
  credentials.delete(entry.id);
  clients.delete(entry.id);
  signedIn.update((map) => {
    const rest = new Map(map);
    rest.delete(entry.id);
    return rest;
  });
}

async function openClient(entry: RegistryEntry, more: { limits?: { pages: number; items: number } }): Promise<Registry> {
  const { sdk } = await import('./sdk');
  const Registry = await sdk();
  const { location } = globalThis;
  if (entry.mode === 'relay') return new Registry(`${location.origin}/api/registries/${encodeURIComponent(entry.id)}/`, more);
  return new Registry(entry.address, { ...more, credential: credentials.get(entry.id), plainHttp: entry.plainHttp, trustedRealms: entry.trustedRealms });
}
