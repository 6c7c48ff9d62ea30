// @azure/arm-containerregistry: registries, credentials, replications and usages, as its users call them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import { credential, world } from './world.mjs';

const QUICK = { updateIntervalInMs: 50 };
const client = (role) => new ContainerRegistryManagementClient(credential(role), world.subscription, { endpoint: world.arm });
const owner = client('Owner');
const group = world.resource_group;
const name = `sdk${Date.now().toString(36)}`;
const all = async (pages) => {
  const found = [];
  for await (const one of pages) found.push(one);
  return found;
};

test('a name is free until it is taken', async () => {
  const type = 'Microsoft.ContainerRegistry/registries';
  assert.equal((await owner.registries.checkNameAvailability({ name, type })).nameAvailable, true);
  const taken = await owner.registries.checkNameAvailability({ name: world.registry, type });
  assert.deepEqual([taken.nameAvailable, taken.reason], [false, 'AlreadyExists']);
});

test('a registry is created, changed, listed', async () => {
  const made = await owner.registries.create(group, name, { location: 'westus', sku: { name: 'Premium' }, tags: { who: 'sdk' } }, QUICK).pollUntilDone();
  assert.deepEqual([made.name, made.location, made.sku.name, made.sku.tier, made.provisioningState], [name, 'westus', 'Premium', 'Premium', 'Succeeded']);
  assert.equal(made.adminUserEnabled, false);
  assert.ok(made.creationDate instanceof Date);
  assert.equal(made.type, 'Microsoft.ContainerRegistry/registries');
  const changed = await owner.registries.update(group, name, { adminUserEnabled: true, tags: { who: 'sdk', what: 'test' } }, QUICK).pollUntilDone();
  assert.deepEqual([changed.adminUserEnabled, changed.tags], [true, { who: 'sdk', what: 'test' }]);
  assert.deepEqual((await owner.registries.get(group, name)).tags, { who: 'sdk', what: 'test' });
  for (const pages of [owner.registries.list(), owner.registries.listByResourceGroup(group)]) {
    assert.ok((await all(pages)).some((one) => one.name === name));
  }
});

test('the admin account has two passwords, which change one by one', async () => {
  const before = await owner.registries.listCredentials(group, name);
  assert.deepEqual([before.username, before.passwords.map((one) => one.name)], [name, ['password', 'password2']]);
  const after = await owner.registries.regenerateCredential(group, name, { name: 'password2' });
  assert.equal(after.passwords[0].value, before.passwords[0].value);
  assert.notEqual(after.passwords[1].value, before.passwords[1].value);
});

test('a replication is made, listed beside the home region, and deleted', async () => {
  const made = await owner.replications.create(group, name, 'japaneast', { location: 'japaneast' }, QUICK).pollUntilDone();
  assert.deepEqual([made.name, made.location, made.provisioningState], ['japaneast', 'japaneast', 'Succeeded']);
  const found = await all(owner.replications.list(group, name));
  assert.deepEqual(found.map((one) => one.location).sort(), ['japaneast', 'westus']);
  const unrouted = await owner.replications.update(group, name, 'japaneast', { regionEndpointEnabled: false }, QUICK).pollUntilDone();
  assert.equal(unrouted.regionEndpointEnabled, false);
  await owner.replications.delete(group, name, 'japaneast', QUICK).pollUntilDone();
  await assert.rejects(owner.replications.get(group, name, 'japaneast'), { statusCode: 404 });
});

test('usages have limits', async () => {
  const { value } = await owner.registries.listUsages(group, name);
  assert.equal(value.find((one) => one.name === 'Size').limit, 536_870_912_000);
  assert.deepEqual(value.map((one) => one.unit).filter((unit) => !['Bytes', 'Count'].includes(unit)), []);
});

test('a reader may look and change nothing', async () => {
  const reader = client('Reader');
  assert.equal((await reader.registries.get(group, name)).name, name);
  await assert.rejects(reader.registries.update(group, name, { adminUserEnabled: false }, QUICK).pollUntilDone(), { statusCode: 403, code: 'AuthorizationFailed' });
  await assert.rejects(reader.registries.listCredentials(group, name), { statusCode: 403 });
});

test('a registry is deleted, and its name is free again', async () => {
  await owner.registries.delete(group, name, QUICK).pollUntilDone();
  await assert.rejects(owner.registries.get(group, name), { statusCode: 404, code: 'ResourceNotFound' });
  assert.equal((await owner.registries.checkNameAvailability({ name, type: 'Microsoft.ContainerRegistry/registries' })).nameAvailable, true);
});
