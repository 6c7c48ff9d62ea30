/**
 * 10,000 repositories and 50,000 tags of a synthetic registry: bounded DOM, and input that does not wait. Delays are printed;
 * only generous bounds are asserted, since this machine may be shared.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { launch, openPage } from './support/browser.mjs';
import { countNodes, readDelays, scrollRate, watchDelays } from './support/measure.mjs';
import { noServer, startPortal } from './support/portal.mjs';
import { numbered, Upstream } from './support/upstream.mjs';

/** Milliseconds; the aim is 100, see `docs/`. */
const BOUND = 1000;

describe('long lists', { skip: noServer }, () => {
  let upstream;
  let portal;
  let browser;

  before(async () => {
    upstream = await new Upstream().start();
    upstream.repositories = numbered(10_000, (at) => `fleet-${String(at % 120).padStart(3, '0')}/service-${at}`);
    upstream.tags.set('*', numbered(50_000, (at) => `build-${(at * 7919) % 40}.${at % 12}-${at}`));
    upstream.image('*', '*');
    portal = await startPortal([{ name: 'Deep', url: upstream.url }]);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await portal?.close();
    await upstream?.close();
  });

  const cases = [
    ['10,000 repositories', '/r/deep', '10,000 repositories.', 'service-99'],
    ['50,000 tags', '/r/deep/fleet-000/service-0', '50,000 tags.', '9.1-3'],
  ];
  for (const [what, path, whole, query] of cases) {
    it(`${what}: load, scroll, filter, sort`, async () => {
      const { page, check } = await openPage(browser.context);
      await page.goto(portal.url + path);
      await page.getByRole('row').nth(2).waitFor();
      await watchDelays(page);
      const search = page.getByRole('searchbox');
      const started = Date.now();
      await search.pressSequentially('s', { delay: 30 });
      await search.press('Escape');
      await page.getByText(whole).waitFor({ timeout: 60_000 });
      const loaded = Date.now() - started;
      const loading = await readDelays(page);
      const nodes = await countNodes(page);
      const frames = await scrollRate(page);
      await page.evaluate(() => window.scrollTo(0, 0));
      await watchDelays(page);
      await search.focus();
      await search.pressSequentially(query, { delay: 60 });
      await page.getByText(/ of (?:10|50),000 /).waitFor();
      for (const _ of query) await search.press('Backspace', { delay: 60 });
      await page.getByRole('combobox').selectOption({ index: 1 });
      await page.getByRole('combobox').selectOption({ index: 2 });
      await page.getByRole('combobox').selectOption({ index: 0 });
      const working = await readDelays(page);
      const most = Math.max(nodes, await countNodes(page));
      console.log(`${what}: whole after ${loaded} ms; worst input delay ${loading.worstInputDelay} ms while loading, `
        + `${working.worstInputDelay} ms while filtering and sorting; worst task ${loading.worstTask} / ${working.worstTask} ms; `
        + `${frames} frames/s while scrolling; at most ${most} elements`);
      assert.ok(most < 3000, `${most} elements`);
      assert.ok(loading.worstInputDelay < BOUND && working.worstInputDelay < BOUND);
      assert.deepEqual(await check(), []);
      await page.close();
    });
  }
});
