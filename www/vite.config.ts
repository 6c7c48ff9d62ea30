import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { answerAzure } from './dev/fake-azure.mjs';
import { FAKE_REGISTRIES, TROUBLED_REGISTRIES } from './dev/fake-registries.mjs';

const local = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The fakes in place of the package, of its part for layers, and of its module. */
const FAKE = [
  { find: /^portolan\/layers$/, replacement: local('./dev/fake-layers.ts') },
  { find: /^portolan$/, replacement: local('./dev/fake-portolan.ts') },
  { find: 'portolan/portolan_bg.wasm?url', replacement: local('./dev/fake-wasm.ts') },
];

/** Answers for the portal's server while developing against the fake. */
function fakeServer(): Plugin {
  return {
    name: 'fake-server',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const azure = answerAzure(request.url ?? '');
        if (!azure) return next();
        response.writeHead(azure.status, { 'content-type': 'application/json', ...azure.headers });
        response.end(JSON.stringify(azure.body));
      });
      server.middlewares.use('/api/registries', (_request, response) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ registries: [...FAKE_REGISTRIES, ...TROUBLED_REGISTRIES] }));
      });
    },
  };
}

export default defineConfig(({ mode }) => {
  const fake = mode === 'fake';
  const alias = fake ? FAKE : [];
  return {
    // `PORTOLAN_SERVER` (http://127.0.0.1:PORT) is a running `portolan serve` for `npm run dev`.
    server: { host: '127.0.0.1', proxy: fake ? undefined : { '/api': process.env['PORTOLAN_SERVER'] ?? 'http://127.0.0.1:8080' } },
    plugins: fake ? [fakeServer()] : [],
    resolve: { alias },
    build: {
      outDir: fake ? 'dist-fake' : 'dist',
      target: 'es2022',
      // The policy of the server allows no data: addresses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    // The package's worker is a module, and loads others.
    worker: { format: 'es' as const },
    optimizeDeps: { exclude: ['portolan', 'portolan/layers'] },
    test: { include: ['test/**/*.test.ts'], alias: FAKE },
  };
});
