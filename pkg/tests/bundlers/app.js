// What a user of the package writes: nothing here knows of a bundler.
import { init, parseReference, PortolanError, Registry } from 'portolan';
import { Acr, initAzure, packContext } from 'portolan/azure';
import { initLayers, openFiles } from 'portolan/layers';

// Where a page requires Trusted Types, it is the page that says which scripts may be loaded.
globalThis.trustedTypes?.createPolicy('default', {
  createScriptURL: (url) => new URL(url, document.baseURI).origin === location.origin ? url : null,
});

try {
  await init();
  initLayers({});
  await initAzure();
  const { repository } = parseReference('alpine');
  const registry = new Registry(location.origin);
  const { apiVersion } = await registry.ping();
  const refused = await registry.head('team/app', 'no such tag').catch((error) => error);
  const image = await registry.image('a/b', 'v1');
  const files = await openFiles(registry, 'a/b', image);
  const { rows } = await files.list('etc');
  const { bytes, verified } = await files.read('etc/motd');
  const issue = await files.read('etc/issue');
  const text = (bytes) => new TextDecoder().decode(bytes);
  const listed = [rows.map(({ name }) => name).join(), text(bytes), text(issue.bytes), verified && issue.verified, files.layers.map(({ state, diffId }) => `${state} ${diffId}`).join()];
  files.close();
  const again = await openFiles(registry, 'a/b', image);
  const cached = again.layers.every((layer) => layer.cached && layer.downloaded === 0);
  again.close();
  const catalog = [];
  for await (const name of new Acr(location.origin).repositories()) catalog.push(name);
  const { archive, dockerfile } = await packContext([{ path: 'Dockerfile', data: 'FROM scratch' }]);
  const azure = [catalog.join(), archive[0], archive[1], dockerfile.replace(/^[0-9a-f]{32}_/, '')];
  globalThis.outcome = { repository, apiVersion, refused: refused instanceof PortolanError ? refused.kind : String(refused), listed, cached, azure };
} catch (error) {
  globalThis.outcome = { failed: `${error} ${error.cause ?? ''}` };
}
