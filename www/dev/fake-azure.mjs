/**
 * What the portal's server would tell of registries in Azure, made up: `answerAzure('/api/registries/{id}/azure/...', now)`. The registry's id
 * chooses the state, the tag chooses how far it has come. Times run: a push to `watch` comes every 40 seconds and takes some to spread.
 */
const MINUTE = 60_000;

const REGIONS = ['eastus', 'westeurope', 'japaneast'];
const MANY = [...REGIONS, 'australiaeast', 'brazilsouth', 'uksouth', 'southafricanorth'];
const SPREAD_EVERY = 40_000;
/** When the push of a cycle is in each region, milliseconds after it. */
const LAGS = { eastus: 0, westeurope: 6_000, japaneast: 9_000 };

const digest = (seed) => `sha256:${[...Array(64)].map((_, at) => ((hash(`${seed}/${at}`) >>> 7) & 15).toString(16)).join('')}`;

function hash(text) {
  let value = 2_166_136_261;
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0), 16_777_619);
  return value >>> 0;
}

/**
 * For a path below `/api/registries/{id}/azure/`; undefined for any other.
 * @returns {{ status: number, body: unknown, headers?: Record<string, string> } | undefined}
 */
export function answerAzure(path, now = Date.now()) {
  const match = /^\/api\/registries\/([^/]+)\/azure\/([^?]*)(?:\?(.*))?$/.exec(path);
  if (!match) return undefined;
  const [, registry, rest, query = ''] = match;
  const readAt = now;
  if (registry === 'azure-denied' && !rest.startsWith('acr/')) return refuse(403, 'AuthorizationFailed', 'The client 6b1d does not have authorization to perform action Microsoft.ContainerRegistry/registries/read over this scope.');
  if (rest === 'registry') return { status: 200, body: settings(registry, readAt) };
  if (rest === 'usages') return registry === 'azure-trouble' ? refuse(502, 'PORTAL_UPSTREAM_UNREACHABLE', 'cannot connect to management.azure.example') : { status: 200, body: { readAt, usages: USAGES } };
  if (rest === 'replications') return { status: 200, body: { readAt, replications: replications(registry, now) } };
  const region = /^regions\/([a-z0-9]+)(?:\/(.+))?$/.exec(rest);
  if (region) return { status: 200, body: { readAt, ...answer(registry, region[1], region[2], now) } };
  return rest.startsWith('acr/v1/') ? acr(rest.slice('acr/v1/'.length), new URLSearchParams(query), now) : refuse(404, 'PORTAL_NOT_FOUND', 'there is nothing here');
}

function refuse(status, code, message) {
  return { status, body: { errors: [{ code, message }] } };
}

function settings(registry, readAt) {
  return {
    readAt, name: registry, location: 'eastus', sku: 'Premium', loginServer: `${registry}.azurecr.example`, provisioningState: 'Succeeded', creationDate: '2025-02-11T09:30:00.0000000Z',
    adminUserEnabled: registry === 'azure-trouble', anonymousPullEnabled: false, dataEndpointEnabled: true, publicNetworkAccess: 'Enabled',
  };
}

const USAGES = [
  { name: 'Size', limit: 536_870_912_000, current: 501_340_000_000, unit: 'Bytes' }, { name: 'Webhooks', limit: 500, current: 3, unit: 'Count' },
  { name: 'Geo-replications', current: 2, unit: 'Count' }, { name: 'IPRules', limit: 100, current: 0, unit: 'Count' },
  { name: 'ScopeMaps', limit: 50_000, current: 7, unit: 'Count' }, { name: 'Tokens', limit: 50_000, current: 4, unit: 'Count' },
];

function replications(registry, now) {
  const names = registry === 'azure-alone' ? [] : registry === 'azure-trouble' ? MANY : REGIONS;
  return names.map((name, at) => ({
    name, location: name, home: at === 0, provisioningState: 'Succeeded', displayStatus: 'Ready', timestamp: new Date(now - (at + 2) * 71 * MINUTE).toISOString(),
    regionEndpointEnabled: name !== 'uksouth', endpoint: `harbour.${name}.geo.azurecr.example`,
    ...(name === 'australiaeast' ? { displayStatus: 'Syncing', message: 'The replication is syncing <img src=x onerror=alert(1)>.' } : {}),
    ...(name === 'southafricanorth' ? { provisioningState: 'Creating', displayStatus: undefined, timestamp: new Date(now + 3 * MINUTE).toISOString() } : {}),
  }));
}

/** Trouble by region, in the registry that has it. */
const TROUBLE = {
  brazilsouth: { answer: 'unreachable', message: 'cannot connect to harbour.brazilsouth.geo.azurecr.example: connection timed out', milliseconds: 5000 },
  uksouth: { answer: 'throttled', message: 'too many requests', retryAfter: 30, milliseconds: 11 },
  southafricanorth: { answer: 'denied', message: 'requested access to the resource is denied', milliseconds: 190 },
};

function answer(registry, region, name, now) {
  const base = { endpoint: `harbour.${region}.geo.azurecr.example`, milliseconds: 9 + (hash(region) % 140) };
  if (registry === 'azure-trouble' && TROUBLE[region]) return { ...base, ...TROUBLE[region] };
  if (!name) return { ...base, answer: 'answers' };
  if (name.endsWith('/tags/newest')) return { ...base, answer: 'answers', tag: newest(region, now) };
  const reference = name.slice(name.lastIndexOf('/') + 1);
  return { ...base, ...serves(reference, region, now) };
}

/** When the tag `arriving` was first asked for: it is pushed then. */
let pushed;

/** How a tag stands in a region: by its name. */
function serves(reference, region, now) {
  const missing = { answer: 'missing', message: 'manifest unknown' };
  const late = region !== 'eastus';
  if (reference === 'nowhere') return missing;
  if (reference === 'lagging') return late ? missing : { answer: 'serves', digest: digest('lagging') };
  if (reference === 'arriving') return now - (pushed ??= now) < (LAGS[region] ?? 0) ? missing : { answer: 'serves', digest: digest('arriving') };
  if (reference === 'diverged') return { answer: 'serves', digest: digest(region === 'japaneast' ? 'older' : 'newer') };
  return region === 'australiaeast' ? missing : { answer: 'serves', digest: reference.startsWith('sha256:') ? reference : digest(reference) };
}

function newest(region, now) {
  const cycle = Math.floor((now - (LAGS[region] ?? 0)) / SPREAD_EVERY);
  const name = `build-${cycle % 10_000}`;
  return { name, digest: digest(name), updated: new Date(cycle * SPREAD_EVERY).toISOString() };
}

const OPEN = { deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true };

function acr(path, query, now) {
  const at = (minutes) => new Date(now - minutes * MINUTE).toISOString().replace('Z', '0000Z');
  const times = { createdTime: at(60 * 24 * 9), lastUpdateTime: at(95) };
  const [, repository, what, which] = /^(.+?)(?:\/(_tags|_manifests)(?:\/(.+))?)?$/.exec(path) ?? [];
  if (repository === 'team/inventory') return refuse(403, 'DENIED', 'requested access to the resource is denied');
  if (!what) return { status: 200, body: { registry: 'harbour.azurecr.example', imageName: repository, ...times, manifestCount: 132, tagCount: 12, changeableAttributes: OPEN } };
  if (what === '_tags' && which) {
    const changeableAttributes = which === '4.2.0' ? { ...OPEN, deleteEnabled: false, writeEnabled: false } : OPEN;
    return { status: 200, body: { imageName: repository, tag: { name: which, digest: digest(which), ...times, signed: false, changeableAttributes } } };
  }
  if (which) return { status: 200, body: { imageName: repository, manifest: { ...entry(which, at(95)), tags: ['4.2.0', 'latest'] } } };
  return manifests(repository, query, at);
}

function entry(name, createdTime) {
  return {
    digest: name, imageSize: 20_000_000 + (hash(name) % 180_000_000), createdTime, lastUpdateTime: createdTime, architecture: 'amd64', os: 'linux',
    mediaType: 'application/vnd.oci.image.manifest.v1+json', changeableAttributes: OPEN,
  };
}

/** Two pages. The first has an index with two parts; some of the rest have no tag, one of those is locked. */
function manifests(repository, query, at) {
  const name = (number) => digest(`${repository}/${number}`);
  const all = [...Array(132)].map((_, number) => ({
    ...entry(name(number), at(number * 300)),
    ...(number === 0 ? { tags: ['4.2.0'], architecture: undefined, os: undefined, mediaType: 'application/vnd.oci.image.index.v1+json', references: [{ digest: name(1) }, { digest: name(2) }] } : {}),
    ...(number > 2 && number % 11 !== 4 ? { tags: [`build-${number}`] } : {}),
    ...(number === 15 ? { changeableAttributes: { ...OPEN, deleteEnabled: false } } : {}),
  }));
  if (repository === 'team/empty') return { status: 200, body: { imageName: repository, manifests: null } };
  const from = query.has('last') ? 100 : 0;
  const headers = from === 0 ? { link: `</api/registries/azure/azure/acr/v1/${repository}/_manifests?last=${name(99)}&n=100&orderby=timedesc>; rel="next"` } : {};
  return { status: 200, body: { imageName: repository, manifests: all.slice(from, from + 100) }, headers };
}
