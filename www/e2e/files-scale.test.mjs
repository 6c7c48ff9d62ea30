/**
 * An image of 100,000 files, 60,000 of them in one directory, and one of a million: bounded DOM, and input that does not wait. Delays
 * are printed; only generous bounds are asserted, since this machine may be shared.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FAKE_REGISTRIES } from '../dev/fake-registries.mjs';
import { launch, openPage } from './support/browser.mjs';
import { countNodes, readDelays, scrollRate, watchDelays } from './support/measure.mjs';
import { serveStatic } from './support/static-server.mjs';

/** Milliseconds; the aim is 100 for input, and 50 for a task. */
const BOUND = 1000;

describe('many files', () => {
  let server;
  let browser;

  before(async () => {
    server = await serveStatic(fileURLToPath(new URL('../dist-fake', import.meta.url)), FAKE_REGISTRIES);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  const cases = [
    ['100,000 files', '/r/demo/data/etl:1.0.0', '100,000 files in 102 directories', /^shard-0099/, 'record-0421'],
    ['1,000,000 files', '/r/demo/base/python:1.0.0', 'The first 200,000 lines are drawn; searching leads to the rest', /^record-199997/, 'part-0421'],
  ];
  for (const [what, path, whole, last, query] of cases) {
    it(`${what}: open, scroll, search, sort, map`, async () => {
      const { page, check } = await openPage(browser.context);
      await page.goto(`${server.url}${path}?view=files&path=data/flat`);
      await page.getByText(whole).waitFor();
      await page.getByRole('row', { name: /record-000000/ }).waitFor();
      await watchDelays(page);
      const frames = await scrollRate(page);
      const nodes = await countNodes(page);
      await page.keyboard.press('End');
      await page.getByRole('row', { name: last }).waitFor();
      await page.keyboard.press('Home');
      await page.getByRole('row', { name: /^data / }).waitFor();
      const scrolling = await readDelays(page);
      await watchDelays(page);
      await page.evaluate(() => window.scrollTo(0, 0));
      const search = page.getByRole('searchbox');
      await search.focus();
      await search.pressSequentially(query, { delay: 60 });
      await page.getByText(/^[\d,]+ paths found/).waitFor();
      for (const _ of query) await search.press('Backspace', { delay: 60 });
      await page.getByText(whole).waitFor();
      await page.getByRole('button', { name: 'Size', exact: false }).first().click();
      await page.getByRole('button', { name: '/', exact: true }).click();
      await page.getByRole('group', { name: /^Map of the root/ }).waitFor();
      const working = await readDelays(page);
      const most = Math.max(nodes, await countNodes(page));
      console.log(`${what}: worst input delay ${scrolling.worstInputDelay} ms while scrolling, ${working.worstInputDelay} ms while searching and sorting; `
        + `worst task ${scrolling.worstTask} / ${working.worstTask} ms; ${frames} frames/s while scrolling; at most ${most} elements`);
      assert.ok(most < 3000, `${most} elements`);
      assert.ok(scrolling.worstInputDelay < BOUND && working.worstInputDelay < BOUND);
      assert.deepEqual(await check(), []);
      await page.close();
    });
  }
});
