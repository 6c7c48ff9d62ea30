// Against a registry that nobody here wrote; the address comes from the test runner.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { portolan } from './package.mjs';
import { sha256 } from './server.mjs';

const { Registry } = portolan;

for (const name of ['NONE', 'BASIC', 'TOKEN']) {
  const path = process.env[`PORTOLAN_TEST_INFO_${name}`];
  test(`a real registry, auth ${name.toLowerCase()}`, { skip: !path && 'no address given' }, async () => {
    const { url, username, password, realm } = JSON.parse(readFileSync(path, 'utf8'));
    const credential = username === undefined || username === null ? undefined : { username, password };
    const registry = new Registry(url, { credential, trustedRealms: realm ? [new URL(realm).origin] : [] });
    assert.equal((await registry.ping()).apiVersion, 'registry/2.0');
    const repositories = [];
    for await (const repository of registry.repositories({ pageSize: 3 })) repositories.push(repository);
    assert.ok(repositories.length > 3, `${repositories.length} repositories`);
    let images = 0;
    for (const repository of repositories) images += await walk(registry, repository);
    assert.ok(images > 0);
    await assert.rejects(registry.manifest(repositories[0], 'no-such-tag'), { kind: 'NotFound', code: 'MANIFEST_UNKNOWN' });
    if (credential) await assert.rejects(new Registry(url, { credential: { ...credential, password: 'wrong' }, trustedRealms: realm ? [new URL(realm).origin] : [] }).ping(), { kind: 'Unauthorized' });
  });
}

/** Reads the first tag of a repository as deep as it goes. Returns how many images it was. */
async function walk(registry, repository) {
  const { value: tag } = await registry.tags(repository)[Symbol.asyncIterator]().next();
  if (tag === undefined) return 0;
  const head = await registry.head(repository, tag);
  const manifest = await registry.manifest(repository, head.digest);
  assert.equal(sha256(manifest.bytes), head.digest);
  assert.equal(manifest.size, head.size);
  if (manifest.kind === 'opaque') return 0;
  const image = await registry.image(repository, tag);
  assert.equal(image.layers.length, image.manifest.layers.length);
  const [layer] = [...image.layers].sort((a, b) => Number(a.size - b.size));
  if (layer) {
    const stream = await registry.blob(repository, layer.digest, { size: layer.size });
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    assert.equal(sha256(bytes), layer.digest);
  }
  assert.ok(['api', 'tag-schema'].includes((await registry.referrers(repository, image.manifest.digest)).source));
  return image.config ? 1 : 0;
}
