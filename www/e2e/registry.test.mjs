/** From the start page to the layers of an image, in a real browser, over the real server, at a real registry. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { launch, openPage } from './support/browser.mjs';
import { noServer, startPortal, testInfo } from './support/portal.mjs';

for (const kind of ['NONE', 'BASIC', 'TOKEN']) {
  const info = await testInfo(kind);
  const skip = noServer || (info ? false : `PORTOLAN_TEST_INFO_${kind} names no registry`);
  describe(`a registry with authentication: ${kind.toLowerCase()}`, { skip }, () => {
    let portal;
    let browser;

    before(async () => {
      portal = await startPortal([{ name: 'Harbour', ...info }]);
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
      await portal?.close();
    });

    it('leads from the start page to the layers of an image', async () => {
      const { page, check } = await openPage(browser.context);
      await page.goto(portal.url);
      const card = page.locator('portolan-registry-card');
      await card.getByText(/\d+ repositor/).waitFor();
      if (info.username) await card.getByText(info.username, { exact: true }).waitFor();
      await card.getByRole('link', { name: 'Harbour' }).click();
      await page.getByRole('searchbox').fill('api-gateway');
      await page.getByRole('link', { name: 'api-gateway', exact: true }).click();
      await page.getByRole('grid', { name: 'Tags' }).waitFor();
      await page.getByRole('row', { name: /2\.4\.1.*MiB|2\.4\.1.*KiB/ }).waitFor();
      await page.getByRole('link', { name: '2.4.1', exact: true }).click();
      const layers = page.getByRole('option').filter({ hasText: /\d (?:B|[KM]iB)/ });
      await layers.first().waitFor();
      const count = await layers.count();
      assert.ok(count >= 2, `${count} layers`);
      await layers.last().click();
      await page.getByRole('heading', { name: `Layer 1 of ${count}` }).waitFor();
      assert.deepEqual(await check(), []);
      await page.close();
    });

    it('agrees with itself: manifest, config and layers name the same digests', async () => {
      const { page, check } = await openPage(browser.context);
      await page.goto(`${portal.url}/r/harbour/platform/api-gateway:2.4.1`);
      await page.getByRole('option').first().waitFor();
      const digest = await page.locator('portolan-image-header portolan-digest').first().evaluate((chip) => chip.digest);
      await page.getByRole('tab', { name: 'Manifest' }).click();
      const linked = await page.getByTitle('Open this layer').allInnerTexts();
      await page.getByTitle('Open this layer').first().click();
      await page.getByRole('heading', { name: 'Layer 1 of' }).waitFor();
      assert.equal(await page.locator('portolan-layer portolan-digest').first().evaluate((chip) => chip.digest), linked[0]);
      await page.goto(`${portal.url}/r/harbour/platform/api-gateway@${digest}`);
      await page.getByRole('option').first().waitFor();
      assert.equal(await page.locator('portolan-image-header portolan-digest').first().evaluate((chip) => chip.digest), digest);
      assert.deepEqual(await check(), []);
      await page.close();
    });

    it('leads on from a platform that the image does not have', async () => {
      const { page, check } = await openPage(browser.context);
      await page.goto(`${portal.url}/r/harbour/library/alpine:3.21?platform=windows/amd64`);
      await page.getByText('This was asked for windows/amd64 alone').waitFor();
      await page.getByRole('link', { name: 'Open the image without a platform' }).click();
      await page.getByRole('navigation', { name: 'Platform' }).waitFor();
      assert.deepEqual(await check(), []);
      await page.close();
    });

    it('keeps the credential in the server: nothing of it reaches the page', { skip: !info?.password }, async () => {
      const { page } = await openPage(browser.context);
      const headers = [];
      const bodies = [];
      page.on('request', (request) => headers.push(...Object.entries(request.headers())));
      page.on('response', async (response) => {
        headers.push(...Object.entries(await response.allHeaders()));
        bodies.push(await response.text().catch(() => ''));
      });
      await page.goto(`${portal.url}/r/harbour/platform/api-gateway:2.4.1`);
      await page.getByRole('option').first().waitFor();
      const secrets = [info.password, Buffer.from(`${info.username}:${info.password}`).toString('base64')];
      assert.ok(bodies.some((body) => body.includes('schemaVersion')), 'the bodies were seen');
      for (const secret of secrets) assert.ok(!JSON.stringify([headers, bodies]).includes(secret));
      const names = headers.map(([name]) => name.toLowerCase());
      for (const name of ['authorization', 'cookie', 'set-cookie', 'www-authenticate']) assert.ok(!names.includes(name), name);
      await page.close();
    });
  });
}

describe('a registry that refuses', { skip: noServer || (await testInfo('BASIC') ? false : 'no Basic registry') }, () => {
  it('says so, with the scope and the way to sign in', async () => {
    const { url } = await testInfo('BASIC');
    const portal = await startPortal([{ name: 'Harbour', url }]);
    const browser = await launch();
    const { page, check } = await openPage(browser.context, /status of 40[13]/);
    await page.goto(`${portal.url}/r/harbour`);
    await page.getByText('did not allow reading').waitFor();
    await page.getByText('registry:catalog:*').waitFor();
    await page.getByText(`docker login ${new URL(url).host}`).waitFor();
    assert.deepEqual(await check(), []);
    await browser.close();
    await portal.close();
  });
});
