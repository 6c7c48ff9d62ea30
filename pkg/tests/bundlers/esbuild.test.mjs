// The two ways that the README names: esbuild does not follow `new URL('...', import.meta.url)`. The worker is an entry of its own.
import { build } from 'esbuild';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { loads, project, serve } from './harness.mjs';

function bundle(root, more = {}) {
  return build({ absWorkingDir: root, entryPoints: [{ in: 'app.js', out: 'app' }, { in: 'portolan/layers/worker', out: 'worker' }], bundle: true, format: 'esm', target: 'es2022', outdir: 'dist', logLevel: 'error', ...more });
}

test('esbuild bundles it; the module is copied beside the bundle', async (t) => {
  const root = project(t, { script: './app.js' });
  await bundle(root);
  for (const file of ['portolan_bg.wasm', 'portolan_layers_bg.wasm', 'portolan_layers_more_bg.wasm', 'portolan_layers_extra_bg.wasm', 'portolan_azure_bg.wasm']) copyFileSync(join(root, 'node_modules/portolan/wasm', file), join(root, 'dist', file));
  copyFileSync(join(root, 'index.html'), join(root, 'dist/index.html'));
  await loads(t, await serve(t, join(root, 'dist')));
});

test('esbuild bundles it; its file loader emits the module', async (t) => {
  const root = project(t, { script: './app.js' });
  const app = join(root, 'app.js');
  const source = readFileSync(app, 'utf8')
    .replace('init()', 'init(new URL(wasm, import.meta.url))').replace('initAzure()', 'initAzure(new URL(azureWasm, import.meta.url))')
    .replace('initLayers({})', 'initLayers({ wasm: new URL(layersWasm, import.meta.url), moreWasm: new URL(moreWasm, import.meta.url), extraWasm: new URL(extraWasm, import.meta.url) })');
  writeFileSync(app, `import wasm from 'portolan/portolan_bg.wasm';\nimport layersWasm from 'portolan/portolan_layers_bg.wasm';\nimport moreWasm from 'portolan/portolan_layers_more_bg.wasm';\nimport extraWasm from 'portolan/portolan_layers_extra_bg.wasm';\nimport azureWasm from 'portolan/portolan_azure_bg.wasm';\n${source}`);
  await bundle(root, { loader: { '.wasm': 'file' } });
  copyFileSync(join(root, 'index.html'), join(root, 'dist/index.html'));
  await loads(t, await serve(t, join(root, 'dist')));
});
