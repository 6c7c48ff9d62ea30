/** Registries in Azure: regions, how pushes spread, attributes, untagged manifests, usage; live, by keyboard, at all widths. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FAKE_REGISTRIES, TROUBLED_REGISTRIES } from '../dev/fake-registries.mjs';
import { launch, openPage } from './support/browser.mjs';
import { serveStatic } from './support/static-server.mjs';

const TAG = 'team/storefront:4.2.0';

describe('registries in Azure', () => {
  let server;
  let browser;
  let page;
  let check;
  const open = (path) => page.goto(server.url + path);
  const replicas = () => page.locator('portolan-replicas');
  const headline = (words) => replicas().getByRole('status').getByText(words).waitFor({ timeout: 20_000 });
  const card = (region) => replicas().getByRole('listitem', { name: new RegExp(`^${region}: `) });

  beforeEach(async () => {
    ({ page, check } = await openPage(browser.context, /40[34]|502/));
  });
  afterEach(async () => {
    const faults = await check();
    await page.close();
    assert.deepEqual(faults, []);
  });
  before(async () => {
    server = await serveStatic(fileURLToPath(new URL('../dist-fake', import.meta.url)), [...FAKE_REGISTRIES, ...TROUBLED_REGISTRIES]);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  it('g01 g03 g04: each region says for itself how it stands', async () => {
    await open(`/r/azure-trouble/-/replicas?name=${TAG}`);
    await headline('3 of 7');
    for (const [region, words] of [['eastus', 'serves it'], ['australiaeast', 'not yet replicated'], ['brazilsouth', 'unreachable'], ['uksouth', 'throttled'], ['southafricanorth', 'denied']]) {
      assert.match(await card(region).textContent(), new RegExp(words), region);
    }
    assert.match(await card('australiaeast').textContent(), /Syncing/, 'what Azure says is beside what was measured');
    assert.match(await card('uksouth').textContent(), /is not led here/);
    assert.equal(await page.locator('img').count(), 0, 'u01: words of Azure are text');
    await page.getByText('Azure could not be reached').waitFor();
    await page.getByText('Premium').waitFor();
  });

  it('g02: regions that serve different images are diverged, with both digests', async () => {
    await open('/r/azure/-/replicas?name=team/storefront:diverged');
    await headline('2 images');
    const digests = await page.locator('portolan-replicas portolan-digest').evaluateAll((chips) => chips.map((chip) => chip.digest));
    assert.equal(new Set(digests).size, 2);
    assert.match(await card('eastus').textContent(), /diverged/);
  });

  it('a tag is seen arriving without a reload', async () => {
    await open('/r/azure/-/replicas?name=lab/beacon:arriving');
    await headline('1 of 3');
    assert.match(await card('japaneast').textContent(), /not yet replicated/);
    await headline('3 of 3');
    assert.match(await card('japaneast').textContent(), /serves it/);
  });

  it('asks on while it is seen, and not while it is hidden', async () => {
    await open('/r/azure/-/replicas?name=team/storefront:lagging');
    await headline('1 of 3');
    const asked = () => server.asked.filter((path) => path.includes('lagging')).length;
    const before = asked();
    await page.waitForTimeout(5_000);
    assert.ok(asked() > before, 'asked again');
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await page.waitForTimeout(300);
    const hidden = asked();
    await page.waitForTimeout(5_000);
    assert.equal(asked(), hidden, 'quiet while hidden');
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: false, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await page.waitForTimeout(1_000);
    assert.ok(asked() > hidden, 'asks when it is seen again');
    const left = asked();
    await page.getByRole('link', { name: 'portolan: all registries' }).click();
    await page.getByRole('heading', { name: 'Registries' }).waitFor();
    await page.waitForTimeout(3_000);
    assert.ok(asked() <= left + 3, 'stops when one leaves');
  });

  it('is used by keyboard alone', async () => {
    await open('/r/azure/team/storefront:4.2.0');
    await page.getByRole('tab', { name: 'Attributes' }).waitFor();
    await page.keyboard.press('g');
    await page.waitForURL(/-\/replicas\?name=team\/storefront:4\.2\.0$/);
    await headline('3 of 3');
    const focused = () => page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.getAttribute('aria-label') ?? '';
    });
    await page.keyboard.press('j');
    assert.match(await focused(), /^eastus/);
    await page.keyboard.press('j');
    assert.match(await focused(), /^westeurope/);
    await page.keyboard.press('k');
    assert.match(await focused(), /^eastus/);
    await page.keyboard.press('/');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('team/storefront:nowhere');
    await page.keyboard.press('Enter');
    await headline('0 of 3');
    assert.match(await card('japaneast').textContent(), /does not have it/);
    await page.getByRole('textbox').fill('Not A Name');
    await page.keyboard.press('Enter');
    assert.match(page.url(), /nowhere$/, 'what is no name goes nowhere');
    await page.getByRole('textbox').fill('');
    await page.keyboard.press('Enter');
    await headline('regions answer.');
    await page.keyboard.press('Escape');
  });

  it('the first screen shows a push and where it has come', async () => {
    await open('/');
    const home = page.getByRole('article').filter({ hasText: 'Sea lanes' });
    await home.getByText(/^lab\/beacon:build-\d+$/).waitFor();
    await home.getByText(/in (all|\d of) 3 regions/).waitFor();
    await page.getByRole('article').filter({ hasText: 'Seven seas' }).getByText('Syncing').waitFor();
    await page.getByText('Azure did not allow reading the replications.').waitFor();
    await home.getByRole('link', { name: /build-/ }).click();
    await page.getByRole('heading', { name: 'Replicas' }).waitFor();
    await page.getByRole('heading', { name: /Pushes to/ }).waitFor();
  });

  it('says which role is missing, what a lone registry is, and what no configuration tells', async () => {
    await open('/r/azure-denied/-/replicas');
    await page.getByText('Azure did not allow reading the replications').waitFor();
    await page.getByText('az role assignment create').first().waitFor();
    await open('/r/azure-alone/-/replicas');
    await page.getByText('Azure lists no replications').waitFor();
    await open('/r/demo/-/replicas');
    await page.getByText('does not know this registry’s regions').waitFor();
  });

  it('shows what is locked, and each part fails by itself', async () => {
    await open(`/r/azure/${TAG}?view=attributes`);
    await page.getByText('It cannot be deleted or changed.').waitFor();
    await page.getByText('12 tags, 132 manifests').waitFor();
    await open('/r/azure/team/inventory:1.1.0?view=attributes');
    await page.getByText('The registry did not allow reading the attributes of the tag').waitFor();
    await open('/r/demo/team/storefront:4.2.0');
    await page.getByRole('tab', { name: 'Platforms' }).waitFor();
    assert.equal(await page.getByRole('tab', { name: 'Attributes' }).count(), 0, 'only where ACR is');
  });

  it('lists manifests without tags, parts of an index apart', async () => {
    await open('/r/azure/team/storefront');
    await page.getByRole('link', { name: 'Untagged manifests' }).click();
    await page.getByText('132 manifests in all').waitFor();
    assert.equal(await page.getByRole('table', { name: 'Nothing leads to them' }).getByRole('row').count(), 13);
    assert.equal(await page.getByRole('table', { name: 'Parts of an index that is there' }).getByRole('row').count(), 3);
    await page.getByText('locked').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('grid', { name: 'Tags' }).waitFor();
    await open('/r/azure/team/empty?show=untagged');
    await page.getByText('0 manifests in all').waitFor();
  });

  it('usage has its limits, and what is near one is marked', async () => {
    await open('/r/azure/-/replicas');
    const row = (name) => page.getByRole('row', { name: new RegExp(`^${name}`) });
    await row('Size').waitFor();
    assert.match(await row('Size').textContent(), /467 GiB\s*500 GiB\s*! 93\.4 %/);
    assert.match(await row('Geo-replications').textContent(), /2\s*none/);
  });

  for (const width of [360, 390, 768, 1440, 2560, 3840]) {
    it(`nothing scrolls sideways at ${width} px`, async () => {
      await page.setViewportSize({ width, height: 900 });
      for (const path of ['/', `/r/azure-trouble/-/replicas?name=${TAG}`, '/r/azure-denied/-/replicas', `/r/azure/${TAG}?view=attributes`, '/r/azure/team/storefront?show=untagged', '/r/demo/-/replicas']) {
        await open(path);
        await page.locator('h1').waitFor();
        await page.waitForTimeout(500);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), path);
      }
    });
  }
});
