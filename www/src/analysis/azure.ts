/**
 * What the portal's server tells of a registry in Azure: the JSON of `/api/registries/{id}/azure/...`. See "Azure" in the README.
 * `readAt` is milliseconds since 1970. Words of Azure (states, names) are open sets and untrusted text.
 */

/** In the list of registries, of one that is in Azure. */
export interface AzureInfo {
  /** Whether the server asks Azure's management API: replications, usage and settings are known then. */
  management: boolean;
  /** The repository whose newest tag is followed through the regions, where one is named. */
  watch?: string;
}

/** `registry`: the registry's settings. */
export interface AzureSettings {
  readAt: number;
  name: string;
  location: string;
  sku: string;
  loginServer: string;
  provisioningState: string;
  creationDate?: string;
  adminUserEnabled: boolean;
  anonymousPullEnabled: boolean;
  dataEndpointEnabled: boolean;
  publicNetworkAccess?: string;
}

/** `usages`: what it uses of what its tier allows. */
export interface Usages { readAt: number; usages: Usage[] }

export interface Usage {
  name: string;
  /** Absent where there is no bound. */
  limit?: number;
  current: number;
  /** `Bytes`, `Count`. */
  unit: string;
}

/** `replications`: what Azure says of each region. */
export interface Replications { readAt: number; replications: Replication[] }

export interface Replication {
  name: string;
  location: string;
  /** Whether it is the region the registry was created in. */
  home: boolean;
  provisioningState: string;
  displayStatus?: string;
  message?: string;
  /** When Azure took the status down. */
  timestamp?: string;
  /** Whether the global endpoint leads there. Its own endpoint answers either way. */
  regionEndpointEnabled: boolean;
  /** Host of the region's own endpoint; absent where the server knows of none. */
  endpoint?: string;
}

/** How a region's own endpoint answered. */
export type Answer = 'answers' | 'serves' | 'missing' | 'denied' | 'throttled' | 'unreachable' | 'failed';

/** `regions/{name}` and `regions/{name}/{repository}/manifests/{reference}`: what came from a region's own endpoint. */
export interface Sounding {
  readAt: number;
  endpoint: string;
  answer: Answer;
  milliseconds: number;
  /** With `serves`. */
  digest?: string;
  /** What went wrong, in a sentence. */
  message?: string;
  /** Seconds, with `throttled`. */
  retryAfter?: number;
}

/** `regions/{name}/{repository}/tags/newest`. */
export interface Newest extends Sounding {
  tag?: { name: string; digest: string; updated?: string };
}

/** What may be done with a repository, a tag or a manifest; what is absent is allowed. */
export interface Changeable { deleteEnabled?: boolean; writeEnabled?: boolean; readEnabled?: boolean; listEnabled?: boolean }

/** ACR's own documents, as they come from `acr/v1/...`. */
export interface AcrRepository { imageName: string; createdTime?: string; lastUpdateTime?: string; manifestCount?: number; tagCount?: number; changeableAttributes?: Changeable }
export interface AcrTag { name: string; digest: string; createdTime?: string; lastUpdateTime?: string; signed?: boolean; changeableAttributes?: Changeable }
export interface AcrManifest {
  digest: string;
  imageSize?: number;
  createdTime?: string;
  lastUpdateTime?: string;
  architecture?: string;
  os?: string;
  mediaType?: string;
  configMediaType?: string;
  tags?: string[];
  changeableAttributes?: Changeable;
  references?: { digest: string }[];
}

/** The sentence for what is locked, or undefined where nothing is. */
export function lockSentence({ deleteEnabled = true, writeEnabled = true, readEnabled = true, listEnabled = true }: Changeable = {}): string | undefined {
  const kept = [...(deleteEnabled ? [] : ['deleted']), ...(writeEnabled ? [] : ['changed']), ...(readEnabled ? [] : ['pulled'])];
  const sentences = kept.length > 0 ? [`It cannot be ${kept.join(kept.length > 2 ? ', ' : ' or ')}.`] : [];
  if (!listEnabled) sentences.push('It is left out of lists.');
  return sentences.length > 0 ? sentences.join(' ') : undefined;
}

/** Manifests without a tag: parts of an index that is there too, and those that nothing leads to. */
export function untagged(manifests: readonly AcrManifest[]): { parts: AcrManifest[]; loose: AcrManifest[] } {
  const named = new Set(manifests.flatMap(({ references = [] }) => references.map(({ digest }) => digest)));
  const without = manifests.filter(({ tags = [] }) => tags.length === 0);
  return { parts: without.filter(({ digest }) => named.has(digest)), loose: without.filter(({ digest }) => !named.has(digest)) };
}
