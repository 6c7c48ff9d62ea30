import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { loads, project, serve } from './harness.mjs';

test('a browser loads the package as it is', async (t) => {
  const root = project(t, { script: './app.js' });
  const app = join(root, 'app.js');
  writeFileSync(app, readFileSync(app, 'utf8').replace("'portolan'", "'./node_modules/portolan/dist/index.js'"));
  await loads(t, await serve(t, root));
});
