/** Registries that the tab reads by itself: signing in, and what stands in the way without CORS. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { launch, openPage } from './support/browser.mjs';
import { noServer, startPortal } from './support/portal.mjs';
import { list, Upstream } from './support/upstream.mjs';

const PASSWORD = 'correct-horse-77';

describe('direct mode', { skip: noServer }, () => {
  let open;
  let closed;
  let strict;
  let portal;
  let browser;

  before(async () => {
    open = await new Upstream().start();
    open.cors = true;
    open.basic = `mate:${PASSWORD}`;
    open.repositories = list(['team/app']);
    open.tags.set('team/app', list(['1.0']));
    open.image('team/app', '1.0');
    closed = await new Upstream().start();
    strict = await new Upstream().start();
    strict.cors = true;
    strict.allowed = 'authorization';
    portal = await startPortal(Object.entries({ open, closed, strict }).map(([name, { url }]) => ({ name, url, direct: true })));
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await portal?.close();
    await open?.close();
    await closed?.close();
    await strict?.close();
  });

  it('signs in; the credential stays in the memory of the tab', async () => {
    const { page, check } = await openPage(browser.context, /status of 401/, [open.url]);
    await page.goto(`${portal.url}/r/open`);
    await page.getByText('did not allow reading').waitFor();
    await page.getByLabel('User name').fill('mate');
    await page.getByLabel('Password or token').fill(PASSWORD);
    await page.getByRole('button', { name: /^Sign in to/ }).click();
    await page.getByRole('link', { name: 'app', exact: true }).click();
    await page.getByRole('link', { name: '1.0', exact: true }).click();
    await page.getByRole('option').first().waitFor();
    const kept = await page.evaluate(async () => JSON.stringify([
      { ...localStorage }, { ...sessionStorage }, document.cookie, location.href, history.state, await indexedDB.databases(), document.documentElement.outerHTML,
    ]));
    assert.ok(!kept.includes(PASSWORD) && !kept.includes(Buffer.from(open.basic).toString('base64')));
    await page.reload();
    await page.getByText('did not allow').waitFor();
    assert.deepEqual(await check(), []);
    await page.close();
  });

  it('says no to a wrong password, and lets one try again', async () => {
    const { page, check } = await openPage(browser.context, /status of 401/, [open.url]);
    await page.goto(`${portal.url}/r/open`);
    for (const password of ['wrong', PASSWORD]) {
      await page.getByLabel('User name').fill('mate');
      await page.getByLabel('Password or token').fill(password);
      await page.getByRole('button', { name: /^Sign in to/ }).click();
      if (password === 'wrong') await page.waitForTimeout(500);
    }
    await page.getByRole('link', { name: 'app', exact: true }).waitFor();
    assert.deepEqual(await check(), []);
    await page.close();
  });

  it('W01: tells a missing leave for headers from a missing leave for the page', async () => {
    const { page } = await openPage(browser.context, /CORS policy|ERR_FAILED/, [strict.url]);
    await page.goto(`${portal.url}/r/strict/team/app:1.0`);
    await page.getByText('Access-Control-Allow-Headers: accept, authorization, range').waitFor();
    await page.close();
  });

  it('W01: names the header that is missing, and the way round', async () => {
    const { page, check } = await openPage(browser.context, /CORS policy|ERR_FAILED/, [closed.url]);
    await page.goto(`${portal.url}/r/closed`);
    await page.getByText('browser was not allowed to read').waitFor();
    await page.getByText(`Access-Control-Allow-Origin: ${portal.url}`).first().waitFor();
    await page.getByText('through the portal’s server').waitFor();
    assert.deepEqual(await check(), []);
    await page.close();
  });
});
