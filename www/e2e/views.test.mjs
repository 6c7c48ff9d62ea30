/** The views against the fake, under the strict policy: keyboard, addresses, history, every designed state. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FAKE_REGISTRIES } from '../dev/fake-registries.mjs';
import { launch, openPage } from './support/browser.mjs';
import { countNodes } from './support/measure.mjs';
import { serveStatic } from './support/static-server.mjs';

const STOREFRONT = '/r/demo/team/storefront';

describe('views', () => {
  let server;
  let browser;
  let page;
  let check;

  before(async () => {
    server = await serveStatic(fileURLToPath(new URL('../dist-fake', import.meta.url)), FAKE_REGISTRIES);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  beforeEach(async () => {
    ({ page, check } = await openPage(browser.context));
  });
  afterEach(async () => {
    const faults = await check();
    await page.close();
    assert.deepEqual(faults, [], 'no script error, console error, dialog, policy violation or foreign request');
  });

  const open = (path) => page.goto(server.url + path);
  const at = () => new URL(page.url()).pathname + new URL(page.url()).search;
  const focused = () => page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
  });

  it('leads from the start page to a layer with the pointer', async () => {
    await open('/');
    await page.getByRole('link', { name: 'Harbour' }).click();
    await page.getByRole('link', { name: 'storefront', exact: true }).last().click();
    await page.getByRole('link', { name: '4.2.0', exact: true }).click();
    await page.getByRole('option', { name: /ADD/ }).click();
    await page.getByRole('heading', { name: 'Layer 8 of 9' }).waitFor();
    assert.match(at(), /^\/r\/demo\/team\/storefront:4\.2\.0\?layer=sha256:[a-f0-9]{64}$/);
  });

  it('leads there with the keyboard alone, and back', async () => {
    await open('/');
    await page.getByRole('link', { name: 'Harbour' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('treegrid').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('storefront-w');
    await page.waitForURL(/q=storefront-w/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    assert.match(await focused(), /^storefront-worker/);
    await page.keyboard.press('Enter');
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('listbox').waitFor();
    const before = at();
    await page.keyboard.press('[');
    await page.waitForURL(/layer=/);
    assert.notEqual(at(), before);
    await page.keyboard.press('4');
    await page.getByRole('heading', { name: 'Environment' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('Backspace');
    await page.getByRole('treegrid').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Registries' }).waitFor();
  });

  it('shows the focus where the choice is while stepping through layers', async () => {
    await open(`${STOREFRONT}:4.2.0`);
    await page.getByRole('listbox').waitFor();
    for (const key of ['[', '[', ']', '[']) await page.keyboard.press(key);
    await page.waitForTimeout(100);
    assert.equal(await focused(), (await page.locator('[aria-selected=true][role=option]').innerText()).replace(/\s+/g, ' ').trim());
  });

  it('opens an address as it was shared, and survives a reload', async () => {
    await open(`${STOREFRONT}:4.2.0?platform=linux/arm64/v8&view=config`);
    await page.getByRole('heading', { name: 'Environment' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Environment' }).waitFor();
    assert.equal(await page.getByRole('navigation', { name: 'Platform' }).locator('[aria-current]').innerText(), 'linux/arm64/v8');
    await open('/r/demo?q=team&flat=1&sort=-name');
    await page.getByRole('row').nth(1).waitFor();
    assert.match(await page.getByRole('row').nth(1).innerText(), /team\/storefront-worker/);
  });

  it('takes up the place in a long list again: back, and after a reload', async () => {
    await open('/r/deep?flat=1');
    await page.getByText('10,000 repositories.').waitFor();
    await page.evaluate(() => window.scrollTo(0, 200_000));
    await page.waitForTimeout(500);
    const row = await page.getByRole('row').nth(20).getByRole('link');
    const name = await row.innerText();
    await row.click();
    await page.getByRole('grid', { name: 'Tags' }).waitFor();
    assert.equal(await page.evaluate(() => window.scrollY), 0);
    await page.goBack();
    await page.getByRole('link', { name, exact: true }).waitFor();
    assert.ok(Math.abs(await page.evaluate(() => window.scrollY) - 200_000) < 5);
    await page.reload();
    await page.getByRole('link', { name, exact: true }).waitFor({ timeout: 15_000 });
  });

  it('keeps the DOM bounded in 10,000 repositories and 50,000 tags', async () => {
    await open('/r/deep');
    await page.getByText('10,000 repositories.').waitFor();
    assert.ok(await countNodes(page) < 1500);
    await open('/r/deep/fleet-000/service-00000');
    await page.getByText('50,000 tags.').waitFor();
    await page.evaluate(() => window.scrollTo(0, 900_000));
    await page.waitForTimeout(300);
    assert.ok(await countNodes(page) < 2500);
  });

  it('closes and opens namespaces by keyboard', async () => {
    await open('/r/demo');
    const row = page.getByRole('row', { name: /^team / });
    await row.focus();
    await page.keyboard.press('ArrowLeft');
    assert.equal(await row.getAttribute('aria-expanded'), 'false');
    await page.keyboard.press('ArrowRight');
    assert.equal(await row.getAttribute('aria-expanded'), 'true');
  });

  it('copies the pull command and the reference by digest', async () => {
    await open(`${STOREFRONT}:4.2.0`);
    await page.getByRole('button', { name: 'podman' }).click();
    await page.getByRole('button', { name: 'Copy pull command' }).click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'podman pull demo.example/team/storefront:4.2.0');
    await page.keyboard.press('y');
    await page.getByText(/^Copied demo\.example/).waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^demo\.example\/team\/storefront@sha256:[a-f0-9]{64}$/);
  });

  it('marks tags that are the same image', async () => {
    await open(`${STOREFRONT}?q=4.2`);
    await page.locator('portolan-digest').nth(1).waitFor();
    await page.waitForTimeout(600);
    const chips = await page.locator('portolan-digest').evaluateAll((list) => list.map((chip) => chip.digest));
    assert.equal(new Set(chips).size, 1);
    assert.ok(await page.locator('.same-below').count() > 0);
  });

  it('links every digest of the manifest to what it names', async () => {
    await open(`${STOREFRONT}:4.2.0?view=manifest`);
    await page.getByTitle('Open this config').click();
    await page.getByRole('heading', { name: 'Environment' }).waitFor();
    await page.goBack();
    await page.getByTitle('Open this layer').nth(2).click();
    await page.getByRole('heading', { name: 'Layer 3 of 9' }).waitFor();
    await page.goBack();
    await page.getByTitle('Open this manifest').nth(1).click();
    await page.waitForURL(/@sha256:/);
  });

  const states = [
    ['/r/denied', 'did not allow reading', 'registry:catalog:*'],
    ['/r/down', 'could not be reached', 'Try again'],
    ['/r/blocked', 'browser was not allowed', 'Access-Control-Allow-Origin: http://127.0.0.1'],
    ['/r/busy', 'slow down', 'in 1 hour'],
    ['/r/empty', 'no repositories yet', 'docker push'],
    ['/r/demo/team/empty', 'has no tags', 'docker push'],
    ['/r/demo/archive/nightly', 'Showing 4,000 tags of at least 4,000', 'stopped at page 5'],
    [`${STOREFRONT}:tampered`, 'Verification failed', 'Found'],
    [`${STOREFRONT}:gone`, 'has no image team/storefront:gone', 'MANIFEST_UNKNOWN'],
    ['/r/nowhere', 'no registry nowhere', 'registries'],
    ['/elsewhere', 'nothing at this address', 'registries'],
    ['/r/demo/charts/storefront:4.2.0', 'not an image that runs', 'storefront-4.2.0.tgz'],
  ];
  for (const [path, ...words] of states) {
    it(`has a state for ${path}`, async () => {
      await open(path);
      for (const word of words) await page.getByText(word).first().waitFor({ timeout: 10_000 });
    });
  }

  it('never scrolls sideways from 360 to 3840 pixels', async () => {
    const paths = ['/', '/r/demo', STOREFRONT, `${STOREFRONT}:4.2.0`, '/r/demo/charts/storefront:4.2.0', '/r/denied', `${STOREFRONT}:tampered`,
      ...['files', 'waste', 'config', 'manifest', 'referrers', 'platforms'].map((view) => `${STOREFRONT}:4.2.0?view=${view}`),
      ...['files', 'files&path=srv/app/uploads', 'files&layer=11', 'files&q=py', 'files&path=srv/app/settings.json', 'waste'].map((view) => `/r/demo/team/storefront-worker:1.1.0?view=${view}`),
      '/r/demo/-/compare?left=team/storefront-worker:1.0.0&right=team/storefront-worker:1.1.0&path=srv/app/README.md', '/r/demo/team/checkout:1.1.0?view=files', '/r/demo/team/inventory:1.1.0'];
    for (const path of paths) {
      await open(path);
      await page.locator('h1').waitFor();
      for (const width of [360, 700, 900, 1100, 3840]) {
        await page.setViewportSize({ width, height: 900 });
        await page.waitForTimeout(120);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(over <= 0, `${path} at ${width}: ${over} px too wide`);
      }
    }
  });

  it('draws the header over the full width, of a short page too', async () => {
    await open('/');
    await page.locator('h1').waitFor();
    assert.equal(await page.locator('header').evaluate((header) => header.getBoundingClientRect().right - innerWidth), 0);
  });

  it('keeps the registry and the tag readable where a long repository has no room', async () => {
    await page.setViewportSize({ width: 360, height: 800 });
    await open(`/r/demo/${'a-long-name/'.repeat(9)}app:1.2.3`);
    const cut = await page.getByRole('navigation', { name: 'You are here' }).locator('li > *').evaluateAll((list) => list.map((text) => text.scrollWidth > text.clientWidth));
    await page.setViewportSize({ width: 1440, height: 900 });
    assert.deepEqual(cut, [false, true, false]);
  });

  it('U05: a panel that fails says what; the rest stays', async () => {
    await open('/r/demo/platform/proxy:1.0.0?view=referrers');
    await page.getByText('cannot answer at the moment').first().waitFor();
    await page.getByText('HTTP 503').first().waitFor();
    await page.getByText('Compressed').waitFor();
    await page.getByRole('tab', { name: /Layers/ }).click();
    await page.getByRole('listbox').waitFor();
  });

  it('keeps a credential of direct mode out of storage, address and DOM', async () => {
    await open('/r/blocked');
    assert.equal(await page.getByLabel('Password or token').count(), 0, 'signing in does not help against CORS');
    await open('/');
    await page.evaluate(() => localStorage.clear());
    await page.getByRole('button', { name: /^Colours/ }).click();
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ['portolan-theme']);
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
  });

  it('gives the keyboard map, and Escape closes only it', async () => {
    await open('/r/demo');
    await page.getByRole('treegrid').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    assert.equal(at(), '/r/demo');
  });
});
