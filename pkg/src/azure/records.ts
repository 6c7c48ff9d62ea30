import type {
  AcrManifest, AcrRepository, AcrTag, Attributes, ContainerGroup, Login, NameCheck, Raw, RegistryRecord, Replication, Resource, Run, ScopedToken, Usage,
} from './types.js';

// Documents as they are on the wire, read field by field: ARM's grow, and differ by version.

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (inner === null || typeof inner !== 'object' ? undefined : (inner as Raw)[key]), value);
}

function text(raw: unknown, path: string): string {
  const value = at(raw, path);
  return typeof value === 'string' ? value : '';
}

function maybe<K extends string>(key: K, raw: unknown, path: string): Partial<Record<K, string>> {
  const value = at(raw, path);
  return typeof value === 'string' ? { [key]: value } as Record<K, string> : {};
}

function flag(raw: unknown, path: string, otherwise = false): boolean {
  const value = at(raw, path);
  return typeof value === 'boolean' ? value : otherwise;
}

function count(raw: unknown, path: string): number {
  const value = Number(at(raw, path) ?? 0);
  return Number.isFinite(value) ? value : 0;
}

function list(raw: unknown, path: string): unknown[] {
  const value = at(raw, path);
  return Array.isArray(value) ? value : [];
}

function texts(raw: unknown, path: string): string[] {
  return list(raw, path).filter((item): item is string => typeof item === 'string');
}

export function toResource(raw: Raw): Resource {
  const tags = at(raw, 'tags');
  return {
    id: text(raw, 'id'), name: text(raw, 'name'), location: text(raw, 'location'),
    tags: tags !== null && typeof tags === 'object' ? { ...tags as Record<string, string> } : {},
    provisioningState: text(raw, 'properties.provisioningState'), raw,
  };
}

export function toRegistry(raw: Raw): RegistryRecord {
  return {
    ...toResource(raw),
    sku: text(raw, 'sku.name'),
    loginServer: text(raw, 'properties.loginServer').toLowerCase(),
    creationDate: text(raw, 'properties.creationDate'),
    adminUserEnabled: flag(raw, 'properties.adminUserEnabled'),
    anonymousPullEnabled: flag(raw, 'properties.anonymousPullEnabled'),
    dataEndpointEnabled: flag(raw, 'properties.dataEndpointEnabled'),
    dataEndpointHostNames: texts(raw, 'properties.dataEndpointHostNames'),
  };
}

export function toNameCheck(raw: Raw): NameCheck {
  return { available: flag(raw, 'nameAvailable'), ...maybe('reason', raw, 'reason'), ...maybe('message', raw, 'message') };
}

export function toLogin(raw: Raw): Login {
  const passwords = list(raw, 'passwords').map((entry) => ({ name: text(entry, 'name'), value: text(entry, 'value') }));
  return { username: text(raw, 'username'), passwords };
}

export function toUsages(raw: Raw): Usage[] {
  return list(raw, 'value').map((entry) => {
    const limit = count(entry, 'limit');
    const usage = { name: text(entry, 'name'), current: count(entry, 'currentValue'), unit: text(entry, 'unit') };
    return limit < 0 ? usage : { ...usage, limit };
  });
}

export function toReplication(raw: Raw): Replication {
  return {
    ...toResource(raw),
    ...maybe('displayStatus', raw, 'properties.status.displayStatus'),
    ...maybe('message', raw, 'properties.status.message'),
    ...maybe('timestamp', raw, 'properties.status.timestamp'),
    regionEndpointEnabled: flag(raw, 'properties.regionEndpointEnabled', true),
  };
}

export function toRun(raw: Raw): Run {
  const images = list(raw, 'properties.outputImages').map((image) => ({
    registry: text(image, 'registry'), repository: text(image, 'repository'), tag: text(image, 'tag'), digest: text(image, 'digest'),
  }));
  const runId = text(raw, 'properties.runId') || text(raw, 'name');
  return { ...toResource(raw), runId, status: text(raw, 'properties.status'), images, ...maybe('errorMessage', raw, 'properties.runErrorMessage') };
}

export function toContainer(raw: Raw): ContainerGroup {
  return {
    ...toResource(raw),
    ...maybe('ip', raw, 'properties.ipAddress.ip'),
    ...maybe('fqdn', raw, 'properties.ipAddress.fqdn'),
    ...maybe('state', raw, 'properties.instanceView.state'),
  };
}

export function toToken(raw: Raw): ScopedToken {
  return { ...toResource(raw), scopeMap: text(raw, 'properties.scopeMapId') };
}

function attributes(raw: unknown): Attributes {
  const allowed = (name: string) => flag(raw, `changeableAttributes.${name}`, true);
  return { deleteEnabled: allowed('deleteEnabled'), writeEnabled: allowed('writeEnabled'), readEnabled: allowed('readEnabled'), listEnabled: allowed('listEnabled') };
}

export function toAcrRepository(raw: Raw): AcrRepository {
  return {
    name: text(raw, 'imageName'), created: text(raw, 'createdTime'), updated: text(raw, 'lastUpdateTime'),
    manifests: count(raw, 'manifestCount'), tags: count(raw, 'tagCount'), attributes: attributes(raw), raw,
  };
}

export function toAcrTag(raw: Raw): AcrTag {
  return {
    name: text(raw, 'name'), digest: text(raw, 'digest'), created: text(raw, 'createdTime'), updated: text(raw, 'lastUpdateTime'),
    attributes: attributes(raw), raw,
  };
}

export function toAcrManifest(raw: Raw): AcrManifest {
  return {
    digest: text(raw, 'digest'), imageSize: count(raw, 'imageSize'), created: text(raw, 'createdTime'), updated: text(raw, 'lastUpdateTime'),
    mediaType: text(raw, 'mediaType'), ...maybe('architecture', raw, 'architecture'), ...maybe('os', raw, 'os'),
    tags: texts(raw, 'tags'), attributes: attributes(raw), raw,
  };
}

/** The record within an answer about one tag or manifest. */
export function inner(raw: Raw, key: 'tag' | 'manifest'): Raw {
  return (at(raw, key) ?? {}) as Raw;
}
