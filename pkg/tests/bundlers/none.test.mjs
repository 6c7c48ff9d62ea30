import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { loads, project, serve } from './harness.mjs';

test('a browser loads the package as it is', async (t) => {
  const root = project(t, { script: './app.js' });
  const app = join(root, 'app.js');
  writeFileSync(app, readFileSync(app, 'utf8').replace(/'portolan(\/\w+)?'/g, "'./node_modules/portolan/dist$1/index.js'"));
  await loads(t, await serve(t, root));
});

test('W01: Chromium hides an answer without CORS; diagnose tells it from silence', async (t) => {
  const root = project(t, { script: './app.js' });
  const elsewhere = await serve(t, root);
  const nobody = await unused();
  writeFileSync(join(root, 'app.js'), `
    import { Registry } from './node_modules/portolan/dist/index.js';
    const look = async (url) => {
      const { reachable, answers, missingHeaders, error } = await new Registry(url).diagnose();
      return { reachable, answers, kind: error?.kind, missing: missingHeaders[0] };
    };
    const seen = { here: await look(location.origin), elsewhere: await look('${elsewhere}'), nobody: await look('${nobody}') };
    globalThis.outcome = JSON.parse(JSON.stringify(seen));
  `);
  const here = await serve(t, root, { connect: `'self' ${elsewhere} ${nobody}` });
  const origin = new URL(here).origin;
  await loads(t, here, {
    here: { reachable: true, answers: true },
    elsewhere: { reachable: false, answers: true, kind: 'BlockedByBrowser', missing: { name: 'Access-Control-Allow-Origin', value: origin } },
    nobody: { reachable: false, answers: false, kind: 'BlockedByBrowser' },
  }, { complaints: /CORS policy|net::ERR_/ });
});

/** An address where nobody listens. */
async function unused() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/`;
}
