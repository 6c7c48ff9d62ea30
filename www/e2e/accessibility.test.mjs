/** WCAG 2.2 AA as far as a program can tell, in every view, by day and by night, wide and narrow. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FAKE_REGISTRIES, TROUBLED_REGISTRIES } from '../dev/fake-registries.mjs';
import { launch, openPage } from './support/browser.mjs';
import { serveStatic } from './support/static-server.mjs';

const IMAGE = '/r/demo/team/storefront:4.2.0';
const VIEWS = ['/', '/r/demo', '/r/demo/team/storefront', IMAGE, `${IMAGE}?view=config`, `${IMAGE}?view=manifest`, `${IMAGE}?view=referrers`,
  `${IMAGE}?view=platforms`, '/r/demo/charts/storefront:4.2.0', '/r/denied', '/r/blocked', '/r/demo/team/storefront:tampered', '/r/demo/archive/nightly',
  ...['layers', 'files', 'files&path=srv/app/settings.json', 'files&path=srv/app/static/img/harbour-5.png', 'files&path=usr/local/lib/libpython3.12.so.1.0', 'files&layer=11&path=srv/app', 'files&q=blas', 'waste']
    .map((view) => `/r/demo/team/storefront-worker:1.1.0?view=${view}`), `${IMAGE}?view=files`, '/r/demo/team/checkout:1.1.0?view=files', '/r/demo/team/inventory:1.1.0', '/r/demo/platform/metrics:1.0.0?view=files',
  '/r/demo/team/storefront?tick=4.2.0,4.1.7', '/r/demo/-/compare?left=team/storefront-worker:1.0.0&right=team/storefront-worker:1.1.0&path=srv/app/README.md'];
VIEWS.push('/r/azure/-/replicas', '/r/azure-trouble/-/replicas?name=team/storefront:4.2.0', '/r/azure/-/replicas?name=team/storefront:diverged', '/r/azure-denied/-/replicas', '/r/azure-alone/-/replicas',
  '/r/demo/-/replicas', '/r/azure/team/storefront:4.2.0?view=attributes', '/r/azure/team/inventory:1.1.0?view=attributes', '/r/azure/team/storefront?show=untagged');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

describe('accessibility', () => {
  let server;
  let browser;
  let axe;

  before(async () => {
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    server = await serveStatic(fileURLToPath(new URL('../dist-fake', import.meta.url)), [...FAKE_REGISTRIES, ...TROUBLED_REGISTRIES]);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  for (const view of VIEWS) {
    it(`finds nothing in ${view}`, async () => {
      const { page } = await openPage(browser.context);
      const found = [];
      for (const [width, colorScheme] of [[1440, 'light'], [390, 'dark']]) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.goto(server.url + view);
        await page.locator('h1').waitFor();
        await page.waitForTimeout(600);
        await page.evaluate(axe);
        const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
        found.push(...violations.map(({ id, nodes }) => `${width} ${colorScheme} ${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.flat().join(' ')} ${failureSummary.split('\n')[1]?.trim()}`).join('; ')}`));
      }
      await page.close();
      assert.deepEqual(found, []);
    });
  }
});
