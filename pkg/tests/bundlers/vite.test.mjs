import { join } from 'node:path';
import test from 'node:test';
import { build, createServer } from 'vite';
import { loads, project, serve } from './harness.mjs';

test('Vite builds it and emits the module', async (t) => {
  const root = project(t, { script: './app.js' });
  await build({ root, logLevel: 'error', configFile: false, build: { target: 'es2022' } });
  await loads(t, await serve(t, join(root, 'dist')));
});

test('the Vite development server serves it when its optimiser leaves it alone', async (t) => {
  const root = project(t, { script: './app.js' });
  const server = await createServer({
    root, logLevel: 'error', configFile: false, optimizeDeps: { exclude: ['portolan'] },
    server: { host: '127.0.0.1', port: 0, hmr: false, proxy: { '^/(v2|acr)/': await serve(t, root) } },
  });
  t.after(() => server.close());
  await server.listen();
  await loads(t, `http://127.0.0.1:${server.httpServer.address().port}/`);
});
