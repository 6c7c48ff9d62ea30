// The transcripts of ARM, Entra and ACR's own API, through the package: the third driver beside the core and the native client.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { azure, portolan } from './package.mjs';
import { Peer } from './peer.mjs';
import { list, play } from './replay.mjs';
import { parse } from './script.mjs';

const { Acr, Arm, signIn } = azure;
const SUBSCRIPTION = '00000000-0000-0000-0000-000000000001';
const folder = new URL('../transcripts/azure/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));
assert.notEqual(files.length, 0);

for (const file of files) {
  const transcript = parse(readFileSync(new URL(file, folder), 'utf8'));
  test(`azure ${file.replace('.txt', '')}`, { skip: transcript.native }, () => replay(transcript));
}

function replay(transcript) {
  const { registry, azure: [arm, authority] = ['https://arm.example', 'https://login.example'], options, entra } = transcript;
  const peer = new Peer();
  const cloud = { arm, authority, audience: 'https://management.example' };
  const common = { cloud, limits: options.limits, fetch: peer.fetch, clock: peer.clock };
  const target = registry
    ? new Acr(registry, { ...common, identity: entra, credential: options.credential })
    : new Arm({ ...common, subscription: SUBSCRIPTION, identity: entra ?? { accessToken: 't' } });
  return play(peer, transcript.calls, (words) => perform(target, common, words));
}

function perform(target, common, [area, ...words]) {
  const act = { group, registry, replication, run, acr }[area];
  if (act) return act(target, words);
  switch (area) {
    case 'container': return container(target, words);
    case 'upload': return target.uploadTo(words[0], Buffer.from(words[1])).then(() => ({}));
    case 'log': return follow(target, words[0]);
    case 'device': return device(common, words);
    case 'exchange': return target.exchange(words[1]);
    default: throw new Error(`call ${area}`);
  }
}

const shown = ({ name, provisioningState: state }) => ({ name, state });
const passwords = ({ username, passwords }) => ({ username, passwords: passwords.map(({ value }) => value) });
const names = (listing, name) => list(listing, name);

async function group(arm, [verb, name, location]) {
  switch (verb) {
    case 'create': return shown(await arm.group(name).create(location));
    case 'show': return shown(await arm.group(name).show());
    case 'list': return names(arm.groups(), (group) => group.name);
    default: return { deleted: await arm.group(name).delete() };
  }
}

function registryOf(arm, id) {
  const [group, name] = id.split('/');
  return arm.group(group).registry(name);
}

async function registry(arm, [verb, id, ...rest]) {
  if (verb === 'check') {
    const { available, reason } = await arm.checkName(id);
    return { available, reason };
  }
  if (verb === 'list') return names(arm.group(id).registries(), (registry) => registry.name);
  const registry = registryOf(arm, id);
  switch (verb) {
    case 'create': {
      const made = await registry.create(rest[0], { sku: rest[1] });
      return { ...shown(made), loginServer: made.loginServer };
    }
    case 'admin': {
      const changed = await registry.update({ adminUserEnabled: rest[0] === 'on' });
      return { name: changed.name, admin: changed.adminUserEnabled };
    }
    case 'show': return shown(await registry.show());
    case 'delete': return { deleted: await registry.delete() };
    case 'credentials': return passwords(await registry.credentials());
    case 'regenerate': return passwords(await registry.regenerate('password2'));
    case 'import': {
      const [place, image, tag, username, password] = rest;
      const from = username === undefined ? { resourceId: place } : { host: place, username, password };
      await registry.import({ from, image, tags: [tag] });
      return { imported: true };
    }
    case 'usages': return (await registry.usages()).map(({ name, limit = null, current }) => ({ name, limit, current }));
    default: throw new Error(`registry ${verb}`);
  }
}

async function replication(arm, [verb, id, location, on]) {
  const registry = registryOf(arm, id);
  const shownReplication = (r) => ({ ...shown(r), status: r.displayStatus ?? null, endpoint: r.regionEndpointEnabled });
  switch (verb) {
    case 'create': return shownReplication(await registry.replicate(location));
    case 'show': return shownReplication(await registry.replication(location));
    case 'endpoint': return shownReplication(await registry.setRegionEndpoint(location, on === 'on'));
    case 'list': return names(registry.replications(), (replication) => replication.name);
    default: return { deleted: await registry.deleteReplication(location) };
  }
}

async function run(arm, [verb, id, ...rest]) {
  const registry = registryOf(arm, id);
  const shownRun = ({ runId, status }) => ({ id: runId, status });
  switch (verb) {
    // By the way on which a context goes up, the address is checked too.
    case 'target': return target(registry);
    case 'schedule': return shownRun(await registry.schedule({ source: rest[0], images: [rest[1]] }));
    case 'show': return shownRun(await registry.run(rest[0]));
    case 'wait': return shownRun(await registry.wait(rest[0]));
    case 'cancel': return registry.cancel(rest[0]).then(() => ({}));
    default: return names(registry.runs(), (run) => run.runId);
  }
}

async function target(registry) {
  return { path: await registry.uploadTarget() };
}

async function container(arm, [, group, name, image, username, password]) {
  const made = await arm.group(group).container(name).create({ image, location: 'eastus', username, password });
  return { ...shown(made), ip: made.ip };
}

async function follow(arm, url) {
  const log = await arm.logAt(url);
  let text = '';
  for await (const line of log) text += line;
  return { text, outcome: log.outcome };
}

async function device(common, [authority, tenant, clientId]) {
  let shownCode;
  await signIn({ ...common, cloud: { ...common.cloud, authority }, tenant, clientId, show: (code) => { shownCode = code; } });
  return { code: shownCode.userCode, address: shownCode.verificationUri };
}

async function acr(registry, [verb, name, more]) {
  switch (verb) {
    case 'repositories': return names(registry.repositories(), (repository) => repository);
    case 'repository': {
      const { name: found, tags, attributes } = await registry.repository(name);
      return { name: found, tags, locked: locked(attributes) };
    }
    case 'delete': return registry.deleteRepository(name);
    case 'tags': return names(registry.tags(name, { order: 'newest', pageSize: 2 }), (tag) => tag.name);
    case 'manifests': return names(registry.manifests(name), (manifest) => manifest.digest);
    case 'lock': {
      const tag = await registry.updateTag(name, more, { deleteEnabled: false, writeEnabled: false });
      return { name: tag.name, locked: locked(tag.attributes) };
    }
    case 'untag': return { deleted: await registry.untag(name, more) };
    default: return { deleted: await registry.deleteManifest(name, more) };
  }
}

function locked({ deleteEnabled, writeEnabled }) {
  return !(deleteEnabled && writeEnabled);
}

test('azure errors are those of the package', () => {
  assert.equal(azure.PortolanError, portolan.PortolanError);
});
