/** A page over the fake under the strict policy, new for each test; after it nothing forbidden must have happened. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FAKE_REGISTRIES } from '../../dev/fake-registries.mjs';
import { launch, openPage } from './browser.mjs';
import { serveStatic } from './static-server.mjs';

/** To be called in a `describe`. What it returns has a `page` while a test runs. `expected`: console errors that tests provoke. */
export function withFake(expected = /^$/) {
  const it = {
    page: undefined,
    open: (path) => it.page.goto(it.url + path),
    at: () => new URL(it.page.url()).pathname + new URL(it.page.url()).search,
    param: (name) => new URL(it.page.url()).searchParams.get(name),
    row: (name) => it.page.getByRole('row', { name }),
    tree: () => it.page.getByRole('treegrid', { name: 'Files' }),
    focused: () => it.page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
    }),
  };
  let server;
  let browser;
  let check;
  before(async () => {
    server = await serveStatic(fileURLToPath(new URL('../../dist-fake', import.meta.url)), FAKE_REGISTRIES);
    it.url = server.url;
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  beforeEach(async () => {
    ({ page: it.page, check } = await openPage(browser.context, expected));
  });
  afterEach(async () => {
    const faults = await check();
    const injected = await it.page.evaluate(countInjected);
    await it.page.close();
    assert.deepEqual(faults, [], 'no script error, console error, dialog, policy violation or foreign request');
    assert.equal(injected, 0, 'no element came from a name or a file');
  });
  return it;
}

function countInjected() {
  const roots = [document];
  let found = 0;
  while (roots.length > 0) {
    for (const element of roots.pop().querySelectorAll('*')) {
      if (element.shadowRoot) roots.push(element.shadowRoot);
      if (element.matches('img, iframe, object, embed, body script, [onerror], [onload]')) found += 1;
    }
  }
  return found;
}
