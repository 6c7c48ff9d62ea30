/** The views over files against the fake, under the strict policy: keyboard, addresses, states, hostile names. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FAKE_REGISTRIES } from '../dev/fake-registries.mjs';
import { launch, openPage } from './support/browser.mjs';
import { serveStatic } from './support/static-server.mjs';

const KNOWN = '/r/demo/team/storefront-worker:1.1.0';
const ASKING = '/r/demo/team/storefront:4.2.0';
const COMPARE = '/r/demo/-/compare?left=team/storefront-worker:1.0.0&right=team/storefront-worker:1.1.0';

describe('files', () => {
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
    ({ page, check } = await openPage(browser.context, /requires 'TrustedScriptURL' assignment|violates the following Content Security Policy directive/));
  });
  afterEach(async () => {
    const faults = await check();
    const injected = await page.evaluate(() => {
      const roots = [document];
      let found = 0;
      while (roots.length > 0) {
        for (const element of roots.pop().querySelectorAll('*')) {
          if (element.shadowRoot) roots.push(element.shadowRoot);
          if (element.matches('img, iframe, object, embed, body script, [onerror], [onload]')) found += 1;
        }
      }
      return found;
    });
    await page.close();
    assert.deepEqual(faults, [], 'no script error, console error, dialog, policy violation or foreign request');
    assert.equal(injected, 0, 'no element came from a name or a file');
  });

  const open = (path) => page.goto(server.url + path);
  const at = () => new URL(page.url()).pathname + new URL(page.url()).search;
  const param = (name) => new URL(page.url()).searchParams.get(name);
  const tree = () => page.getByRole('treegrid', { name: 'Files' });
  const row = (name) => page.getByRole('row', { name });
  const focused = () => page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
  });

  it('asks before it downloads much, says what, and begins when told to', async () => {
    await open(`${ASKING}?view=files`);
    await page.getByText(/^4 layers, 1\d\d MiB to download at the most; 5 layers are known already\.$/).waitFor();
    assert.equal(await tree().count(), 0);
    await page.getByRole('button', { name: 'Read the files' }).click();
    await page.getByRole('progressbar', { name: 'Reading the layers' }).waitFor();
    await tree().waitFor();
    await page.getByText(/^\d,\d+ files in \d+ directories, \d+ MiB unpacked\.$/).waitFor();
  });

  it('begins by itself where nothing is to be downloaded', async () => {
    await open(`${KNOWN}?view=files`);
    await tree().waitFor();
  });

  it('stops, and reads on', async () => {
    await open('/r/demo/data/warehouse/loader:1.0.0?view=files');
    await page.getByRole('button', { name: 'Read the files' }).click();
    await page.getByText(/0 of 9 layers read, [\d.]+ MiB of 2\d\d MiB/).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Reading was stopped').waitFor();
    await page.getByText('are not downloaded again').waitFor();
    await page.getByRole('button', { name: 'Read on' }).click();
    await page.getByRole('progressbar').waitFor();
  });

  it('leads by keyboard from the root to a file and back', async () => {
    await open(`${KNOWN}?view=files`);
    await tree().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('End');
    assert.match(await focused(), /^sbin → usr\/sbin/);
    await page.keyboard.press('Home');
    for (let step = 0; step < 8; step += 1) await page.keyboard.press('ArrowDown');
    assert.match(await focused(), /^srv/);
    await page.keyboard.press('ArrowRight');
    await row(/^app /).waitFor();
    assert.equal(await row(/^srv /).getAttribute('aria-expanded'), 'true');
    await page.keyboard.press('ArrowRight');
    assert.match(await focused(), /^app/);
    await page.keyboard.press('Enter');
    await row(/^settings\.json/).waitFor();
    assert.equal(param('path'), 'srv/app');
    await row(/^settings\.json/).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Text of the file' }).waitFor();
    assert.equal(param('path'), 'srv/app/settings.json');
    await page.keyboard.press('ArrowLeft');
    assert.match(await focused(), /^app/);
    await page.keyboard.press('ArrowLeft');
    assert.equal(await row(/^app /).getAttribute('aria-expanded'), 'false');
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => url.searchParams.get('path') === 'srv/app');
    await page.goBack();
    await page.waitForURL((url) => url.searchParams.get('path') === 'srv/app/settings.json');
  });

  it('says where in the tree a row is', async () => {
    await open(`${KNOWN}?view=files&path=srv/app/uploads`);
    const uploads = row(/^uploads /);
    await uploads.waitFor();
    assert.deepEqual(await Promise.all(['aria-level', 'aria-expanded', 'aria-selected'].map((name) => uploads.getAttribute(name))), ['3', 'true', 'true']);
    const inner = row(/^up and away/);
    assert.deepEqual(await Promise.all(['aria-level', 'aria-setsize'].map((name) => inner.getAttribute(name))), ['4', '6']);
    assert.match(await inner.getAttribute('aria-posinset'), /^[1-6]$/);
  });

  it('opens a shared address as it was, and survives a reload', async () => {
    await open(`${KNOWN}?view=files&path=usr/local/lib/python3.12/module_0.py`);
    await page.getByRole('heading', { name: 'usr/local/lib/python3.12/module_0.py' }).waitFor();
    await page.locator('[data-selected][role=row]').waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'usr/local/lib/python3.12/module_0.py' }).waitFor();
  });

  it('L09: hostile names are text, acting characters visible', async () => {
    await open(`${KNOWN}?view=files&path=srv/app/uploads`);
    await row(/<img src=x onerror=alert\(1\)>\.png/).waitFor();
    await row(/invoice\\u\{202e\}gnp\.exe/).click();
    await page.getByRole('heading', { name: /invoice\\u\{202e\}gnp\.exe/ }).waitFor();
    await row(/line\\nbreak\\tand\\u\{001b\}\[31mred/).waitFor();
    await row(/name in Latin-1/).click();
    await page.getByRole('heading', { name: /name in Latin-1/ }).waitFor();
    await row(/^very-long-name/).click();
    await page.getByText('longer than what is kept').waitFor();
  });

  it('shows text, a picture on a canvas, and bytes', async () => {
    await open(`${KNOWN}?view=files&path=srv/app/README.md`);
    await page.getByText('<img src=x onerror=alert(1)> is shown as it is written.').first().waitFor();
    await open(`${KNOWN}?view=files&path=srv/app/static/img/harbour-5.png`);
    await page.getByText('320 × 200 pixels, image/png').waitFor();
    const drawn = await page.locator('portolan-picture canvas').evaluate((canvas) => [...canvas.getContext('2d').getImageData(10, 190, 1, 1).data]);
    assert.deepEqual(drawn, [228, 212, 164, 255]);
    await page.getByRole('button', { name: 'bytes' }).click();
    await page.getByText('89 50 4e 47').waitFor();
    await open(`${KNOWN}?view=files&path=usr/local/lib/libpython3.12.so.1.0`);
    await page.getByText('7f 45 4c 46').waitFor();
    await page.getByText('Showing 2.00 KiB of 11.1 MiB.').waitFor();
    for (let more = 0; more < 3; more += 1) await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByRole('button', { name: 'Show 256 KiB' }).click();
    await page.getByText('not verified: a part').waitFor();
  });

  it('saves a file as it is, under a name that harms nothing', async () => {
    await open(`${KNOWN}?view=files&path=srv/app/settings.json`);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save' }).click();
    const saved = await download;
    assert.equal(saved.suggestedFilename(), 'settings.json');
    assert.match(await readFile(await saved.path(), 'utf8'), /<script>alert\(1\)<\/script>/);
    await page.getByText('Saved, and verified.').waitFor();
  });

  it('searches all paths as it is typed, and leads to the place of what was found', async () => {
    await open(`${KNOWN}?view=files`);
    await tree().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('python scipy blas');
    await page.getByText('1 path found.').waitFor();
    assert.equal(param('q'), 'python scipy blas');
    await page.keyboard.press('Enter');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /scipy\.libs\/libscipy-blas\.so/ }).waitFor();
    await open(`${KNOWN}?view=files&q=no such path`);
    await page.getByText('No path contains').waitFor();
  });

  it('shows what one layer did, by its address, its keys and its filters', async () => {
    await open(`${KNOWN}`);
    await page.getByRole('option', { name: /compileall/ }).click();
    await page.getByRole('link', { name: 'Show its changes' }).click();
    await page.getByText('Layer 9 of 9: ').waitFor();
    assert.match(at(), /view=files&layer=sha256:[a-f0-9]{64}$/);
    await page.getByRole('button', { name: /deleted \d+/ }).click();
    assert.equal(param('changes'), 'deleted');
    await row(/etc /).waitFor({ state: 'detached' });
    await row(/^srv /).click();
    await row(/^app /).click();
    await row(/^deleted: \.env/).waitFor();
    assert.equal(await row(/settings\.json/).count(), 0);
    await page.keyboard.press('[');
    await page.getByText('Layer 8 of 9: ').waitFor();
    assert.equal(param('changes'), null);
    for (const key of [']', ']']) await page.keyboard.press(key);
    await page.getByText(/unpacked\.$/).waitFor();
    assert.equal(param('layer'), null);
  });

  it('shows what is gone, and what was in it', async () => {
    await open(`${KNOWN}?view=files&path=srv/app/.env&changes=deleted`);
    await row(/^deleted: \.env/).waitFor();
    await page.getByText('is gone from the image').waitFor();
    await page.getByRole('heading', { name: 'Content in layer 7' }).waitFor();
    await page.getByText('harbour=north').first().waitFor();
  });

  it('lists large files, the largest first', async () => {
    await open(`${KNOWN}?view=files`);
    await tree().waitFor();
    await page.getByLabel('Size').selectOption('1048576');
    await page.getByText(/^\d+ files of at least 1\.00 MiB found\.$/).waitFor();
    assert.match(await page.getByRole('row').nth(1).innerText(), /ranker-v4\.bin/);
  });

  it('orders by size both ways', async () => {
    await open(`${KNOWN}?view=files`);
    await tree().waitFor();
    await page.getByRole('button', { name: 'Size' }).click();
    await page.waitForURL(/sort=-size/);
    await page.waitForFunction(() => /^usr/.test(document.querySelector('portolan-app').shadowRoot.querySelector('portolan-image').shadowRoot.querySelector('portolan-image-files').shadowRoot
      .querySelector('portolan-files').shadowRoot.querySelector('portolan-file-tree').shadowRoot.querySelectorAll('[role=row]')[1].innerText.trim()));
    await page.getByRole('button', { name: 'Size' }).click();
    await page.waitForURL(/sort=size/);
  });

  it('walks the map by keyboard', async () => {
    await open(`${KNOWN}?view=files`);
    const map = page.getByRole('group', { name: /^Map of the root/ });
    const usr = map.getByRole('button', { name: /^usr / });
    await usr.focus();
    await page.keyboard.press('ArrowRight');
    assert.match(await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element.textContent.trim();
    }), /^srv/);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('path') === 'srv');
    await page.getByRole('group', { name: /^Map of srv/ }).waitFor();
    await page.getByText(/^The largest in it: app 100 %/).waitFor({ state: 'attached' });
    await page.getByRole('group', { name: /^Map of srv/ }).getByRole('button').first().focus();
    await page.keyboard.press('Backspace');
    await page.waitForURL((url) => !url.searchParams.has('path'));
  });

  const states = [
    ['/r/demo/team/checkout:1.1.0?view=files', 'Not all of the image is shown', 'the gzip stream ends at byte 91,204,608', 'the registry answered HTTP 503', 'files in'],
    ['/r/demo/team/inventory:1.1.0?view=files', '1 layer is not what the config names', 'diff_id', 'files in'],
    ['/r/demo/team/inventory:1.1.0?layer=4', 'contents not read', 'eStargz table of contents'],
    ['/r/demo/platform/metrics:1.0.0?view=files', 'larger than the portal reads', 'unpacks to more than 4 GiB'],
    ['/r/demo/platform/scheduler:1.0.0?view=files', 'no layers, and so no files'],
    [`${KNOWN}?view=files&path=usr/lib/nothing`, 'There is no', 'Show the root'],
    [`${KNOWN}?view=files&layer=6`, '1 entry, 0 B of content', 'All in it is empty'],
    [`${KNOWN}?view=waste`, 'could be reclaimed', '3 files that may be secret are deleted, but still in the image', 'a private SSH key'],
    ['/r/demo/data/etl:1.0.0?view=waste', 'nothing was written twice'],
    [`${COMPARE.replace('storefront-worker:1.0.0', 'storefront-worker:gone')}`, 'has no image team/storefront-worker:gone'],
    ['/r/demo/-/compare?left=charts/storefront:1&right=team/storefront-worker:1.1.0', 'Only images that run can be compared'],
    ['/r/demo/-/compare?left=x', 'nothing at this address'],
    [`${COMPARE.replace(/right=.*/, 'right=team/storefront-worker:1.0.0')}`, 'as large as the left one', 'Both configs say the same', 'the very same files'],
  ];
  for (const [path, ...words] of states) {
    it(`has a state for ${path}`, async () => {
      await open(path);
      for (const word of words) await page.getByText(word).first().waitFor({ timeout: 10_000 });
    });
  }

  it('leads from waste to the path and to the layer', async () => {
    await open(`${KNOWN}?view=waste`);
    await page.getByRole('link', { name: 'srv/app/deploy/id_ed25519' }).first().click();
    await page.getByRole('heading', { name: 'Content in layer 7' }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Layer 7' }).first().click();
    await page.getByText('Layer 7 of 9: ').waitFor();
  });

  it('tells in the stack what the layers do, and which other tags share', async () => {
    await open(KNOWN);
    await page.getByRole('option', { name: /2,6\d\d added, 1 changed, 0 deleted/ }).waitFor();
    await page.getByRole('button', { name: 'Find layers that other tags share' }).click();
    await page.getByText('3 layers are shared with some of the 2 other tags looked at').waitFor();
    await page.getByText('hatched: other tags share it').waitFor();
    await page.getByRole('option', { name: /^base/ }).click();
    await page.getByText('Shared with 2 of the 2 other tags looked at').waitFor();
    assert.equal(await page.locator('portolan-layers rect[fill^="url(#shared"]').count(), 7, 'three in the column, three in the list, one in the key');
  });

  it('compares two ticked tags, by keyboard', async () => {
    await open('/r/demo/team/storefront-worker');
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('c');
    await page.waitForURL(/tick=[\w.]+,[\w.]+/);
    await page.keyboard.press('c');
    await page.waitForURL(/\/-\/compare\?left=team\/storefront-worker:[\w.]+&right=/);
    await page.getByText(/paths differ\.$/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('grid', { name: 'Tags' }).waitFor();
  });

  it('leads from an image to the tag it is compared with', async () => {
    await open(KNOWN);
    await page.getByRole('listbox').waitFor();
    await page.keyboard.press('c');
    await page.getByRole('checkbox', { name: 'Compare 1.1.0', checked: true }).waitFor();
    await page.getByRole('checkbox', { name: 'Compare latest' }).check();
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.getByRole('heading', { name: 'team/storefront-worker:latest', exact: true }).waitFor();
  });

  it('scrolls a preview by keyboard, and leaves the tree where it is', async () => {
    await open(`${KNOWN}?view=files&path=usr/local/lib/python3.12/module_0.py`);
    const text = page.getByRole('region', { name: 'Text of the file' });
    await text.focus();
    await page.keyboard.press('End');
    await page.waitForTimeout(200);
    assert.ok(await text.evaluate((region) => region.scrollTop > 100));
    assert.equal(await text.evaluate((region) => region.getRootNode().activeElement === region), true);
    await page.keyboard.press('Escape');
    await text.waitFor({ state: 'detached' });
  });

  it('shows what differs, filtered, searched and one by one', async () => {
    await open(COMPARE);
    await page.getByText(/^The right one is [\d.]+ MiB \([\d.]+ %\) larger than the left one, unpacked\.$/).waitFor();
    await page.getByRole('button', { name: /changed \d+/ }).click();
    await page.getByText(/paths differ and fit\.$/).waitFor();
    assert.equal(param('kinds'), 'changed');
    await page.keyboard.press('/');
    await page.keyboard.type('README');
    await page.getByText(/^\d+ paths? differs? and fit\.$|^1 path differs and fit/).first().waitFor();
    await page.getByRole('row', { name: /README\.md/ }).click();
    await page.getByRole('complementary', { name: 'The chosen difference' }).waitFor();
    assert.equal(param('path'), 'srv/app/README.md');
    await page.getByRole('link', { name: 'Open it at the right' }).click();
    await page.getByRole('heading', { name: 'srv/app/README.md' }).waitFor();
    assert.match(at(), /storefront-worker:1\.1\.0\?view=files&path=srv\/app\/README\.md$/);
  });

  it('names the layer of a shared middle once', async () => {
    await open(COMPARE);
    await page.getByText(/^In both 3 layers/).waitFor();
    assert.equal(await page.locator('portolan-compare-layers .shared .layer').count(), 3);
    assert.equal(await page.locator('portolan-compare-layers .left .layer').count(), 6);
  });

  it('lets no other script become a worker', async () => {
    await open(`${KNOWN}?view=files`);
    await tree().waitFor();
    const refused = await page.evaluate(() => ['/theme.js', 'data:text/javascript,0', '/assets/../theme.js'].map((address) => {
      try {
        new Worker(address);
        return 'made';
      } catch (error) {
        return error.name;
      }
    }));
    assert.deepEqual(refused, ['TypeError', 'TypeError', 'TypeError']);
    await page.waitForTimeout(100);
    await page.evaluate(() => { window.violations.length = 0; });
  });
});
