// @azure/container-registry: content and attributes, as its users call them.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import test from 'node:test';
import { ContainerRegistryClient, ContainerRegistryContentClient, KnownContainerRegistryAudience } from '@azure/container-registry';
import { credential, world } from './world.mjs';

const endpoint = `https://${world.login_server}`;
const options = { audience: KnownContainerRegistryAudience.AzureResourceManagerPublicCloud };
const repository = `sdk/app${Date.now().toString(36)}`;
const content = (role) => new ContainerRegistryContentClient(endpoint, repository, credential(role), options);
const client = (role) => new ContainerRegistryClient(endpoint, credential(role), options);
const all = async (pages) => {
  const found = [];
  for await (const one of pages) found.push(one);
  return found;
};
// More than one of the SDK's pieces of four MiB.
const layer = Buffer.alloc(9 * 1024 * 1024, 'portolan ');
const config = Buffer.from('{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}');
let digest;

test('layers are uploaded in pieces, and a manifest is tagged', async () => {
  const push = content('AcrPush');
  const uploaded = [await push.uploadBlob(Readable.from([config])), await push.uploadBlob(Readable.from([layer]))];
  assert.deepEqual(uploaded.map((one) => one.sizeInBytes), [config.length, layer.length]);
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: uploaded[0].digest, size: config.length },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: uploaded[1].digest, size: layer.length }],
  };
  ({ digest } = await push.setManifest(manifest, { tag: 'v1' }));
  await push.setManifest(manifest, { tag: 'v2' });
});

test('what was pushed is downloaded, verified by the SDK', async () => {
  const pull = content('AcrPull');
  const found = await pull.getManifest('v1');
  assert.equal(found.digest, digest);
  const { content: stream } = await pull.downloadBlob(found.manifest.layers[0].digest);
  const parts = [];
  for await (const part of stream) parts.push(part);
  assert.ok(Buffer.concat(parts).equals(layer));
});

test('repositories, tags and manifests are listed with their properties', async () => {
  const reader = client('AcrPull');
  assert.ok((await all(client('Owner').listRepositoryNames())).includes(repository));
  const properties = await reader.getRepository(repository).getProperties();
  assert.deepEqual([properties.name, properties.manifestCount, properties.tagCount], [repository, 1, 2]);
  const manifests = await all(reader.getRepository(repository).listManifestProperties());
  assert.deepEqual(manifests.map((one) => [one.digest, one.tags.sort(), one.architecture, one.operatingSystem]), [[digest, ['v1', 'v2'], 'amd64', 'linux']]);
  const artifact = reader.getArtifact(repository, 'v1');
  assert.equal((await artifact.getTagProperties('v1')).digest, digest);
  const newest = await all(artifact.listTagProperties({ order: 'LastUpdatedOnDescending' }));
  assert.deepEqual(newest.map((one) => one.name), ['v2', 'v1']);
});

test('a locked tag is not deleted until it is unlocked', async () => {
  const artifact = client('Owner').getArtifact(repository, 'v1');
  const locked = await artifact.updateTagProperties('v1', { canDelete: false, canWrite: false });
  assert.deepEqual([locked.canDelete, locked.canWrite, locked.canRead, locked.canList], [false, false, true, true]);
  await assert.rejects(artifact.deleteTag('v1'), (error) => error.statusCode >= 400 && error.statusCode < 500 && error.statusCode !== 404);
  await artifact.updateTagProperties('v1', { canDelete: true, canWrite: true });
  await artifact.deleteTag('v1');
  await assert.rejects(artifact.getTagProperties('v1'), { statusCode: 404 });
});

test('rights end where the role does', async () => {
  await assert.rejects(content('AcrPull').uploadBlob(Readable.from([config])), (error) => [401, 403].includes(error.statusCode));
  await assert.rejects(client('AcrPull').getRepository(repository).delete(), (error) => [401, 403].includes(error.statusCode));
});

test('a repository goes with all that is in it', async () => {
  await client('Owner').deleteRepository(repository);
  await assert.rejects(client('Owner').getRepository(repository).getProperties(), { statusCode: 404 });
});
