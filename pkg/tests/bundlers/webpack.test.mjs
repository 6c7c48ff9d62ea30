import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import webpack from 'webpack';
import { loads, project, serve } from './harness.mjs';

test('webpack builds it and emits the module', async (t) => {
  const root = project(t, { script: './main.js' });
  const dist = join(root, 'dist');
  const compiler = webpack({ mode: 'production', context: root, entry: './app.js', output: { path: dist } });
  const stats = await promisify(compiler.run.bind(compiler))();
  await promisify(compiler.close.bind(compiler))();
  assert.deepEqual(stats.toJson({ errors: true, warnings: true }).errors, []);
  copyFileSync(join(root, 'index.html'), join(dist, 'index.html'));
  await loads(t, await serve(t, dist));
});
