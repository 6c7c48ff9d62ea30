/** The files of images against the fake: opening them, the tree, the map, search, filters, previews. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readFile } from 'node:fs/promises';
import { withFake } from './support/fake.mjs';

const KNOWN = '/r/demo/team/storefront-worker:1.1.0';
const ASKING = '/r/demo/team/storefront:4.2.0';

describe('files', () => {
  const fake = withFake();

  it('asks before it downloads much, says what, and begins when told to', async () => {
    await fake.open(`${ASKING}?view=files`);
    await fake.page.getByText(/^4 layers, 1\d\d MiB to download at the most; 5 layers are known already\.$/).waitFor();
    assert.equal(await fake.tree().count(), 0);
    await fake.page.getByRole('button', { name: 'Read the files' }).click();
    await fake.page.getByRole('progressbar', { name: 'Reading the layers' }).waitFor();
    await fake.tree().waitFor();
    await fake.page.getByText(/^\d,\d+ files in \d+ directories, \d+ MiB unpacked\.$/).waitFor();
  });

  it('begins by itself where nothing is to be downloaded', async () => {
    await fake.open(`${KNOWN}?view=files`);
    await fake.tree().waitFor();
  });

  it('stops, and reads on', async () => {
    await fake.open('/r/demo/data/warehouse/loader:1.0.0?view=files');
    await fake.page.getByRole('button', { name: 'Read the files' }).click();
    await fake.page.getByText(/0 of 9 layers read, [\d.]+ MiB of 2\d\d MiB/).waitFor();
    await fake.page.getByRole('button', { name: 'Stop' }).click();
    await fake.page.getByText('Reading was stopped').waitFor();
    await fake.page.getByText('are not downloaded again').waitFor();
    await fake.page.getByRole('button', { name: 'Read on' }).click();
    await fake.page.getByRole('progressbar').waitFor();
  });

  it('leads by keyboard from the root to a file and back', async () => {
    await fake.open(`${KNOWN}?view=files`);
    await fake.tree().waitFor();
    await fake.page.keyboard.press('j');
    await fake.page.keyboard.press('End');
    assert.match(await fake.focused(), /^sbin → usr\/sbin/);
    await fake.page.keyboard.press('Home');
    for (let step = 0; step < 8; step += 1) await fake.page.keyboard.press('ArrowDown');
    assert.match(await fake.focused(), /^srv/);
    await fake.page.keyboard.press('ArrowRight');
    await fake.row(/^app /).waitFor();
    assert.equal(await fake.row(/^srv /).getAttribute('aria-expanded'), 'true');
    await fake.page.keyboard.press('ArrowRight');
    assert.match(await fake.focused(), /^app/);
    await fake.page.keyboard.press('Enter');
    await fake.row(/^settings\.json/).waitFor();
    assert.equal(fake.param('path'), 'srv/app');
    await fake.row(/^settings\.json/).focus();
    await fake.page.keyboard.press('Enter');
    await fake.page.getByRole('region', { name: 'Text of the file' }).waitFor();
    assert.equal(fake.param('path'), 'srv/app/settings.json');
    await fake.page.keyboard.press('ArrowLeft');
    assert.match(await fake.focused(), /^app/);
    await fake.page.keyboard.press('ArrowLeft');
    assert.equal(await fake.row(/^app /).getAttribute('aria-expanded'), 'false');
    await fake.page.keyboard.press('Escape');
    await fake.page.waitForURL((url) => url.searchParams.get('path') === 'srv/app');
    await fake.page.goBack();
    await fake.page.waitForURL((url) => url.searchParams.get('path') === 'srv/app/settings.json');
  });

  it('says where in the tree a row is', async () => {
    await fake.open(`${KNOWN}?view=files&path=srv/app/uploads`);
    const uploads = fake.row(/^uploads /);
    await uploads.waitFor();
    assert.deepEqual(await Promise.all(['aria-level', 'aria-expanded', 'aria-selected'].map((name) => uploads.getAttribute(name))), ['3', 'true', 'true']);
    const inner = fake.row(/^up and away/);
    assert.deepEqual(await Promise.all(['aria-level', 'aria-setsize'].map((name) => inner.getAttribute(name))), ['4', '6']);
    assert.match(await inner.getAttribute('aria-posinset'), /^[1-6]$/);
  });

  it('opens a shared address as it was, and survives a reload', async () => {
    await fake.open(`${KNOWN}?view=files&path=usr/local/lib/python3.12/module_0.py`);
    await fake.page.getByRole('heading', { name: 'usr/local/lib/python3.12/module_0.py' }).waitFor();
    await fake.page.locator('[data-selected][role=row]').waitFor();
    await fake.page.reload();
    await fake.page.getByRole('heading', { name: 'usr/local/lib/python3.12/module_0.py' }).waitFor();
  });

  it('L09: hostile names are text, acting characters visible', async () => {
    await fake.open(`${KNOWN}?view=files&path=srv/app/uploads`);
    await fake.row(/<img src=x onerror=alert\(1\)>\.png/).waitFor();
    await fake.row(/invoice\\u\{202e\}gnp\.exe/).click();
    await fake.page.getByRole('heading', { name: /invoice\\u\{202e\}gnp\.exe/ }).waitFor();
    await fake.row(/line\\nbreak\\tand\\u\{001b\}\[31mred/).waitFor();
    await fake.row(/name in Latin-1/).click();
    await fake.page.getByRole('heading', { name: /name in Latin-1/ }).waitFor();
    await fake.row(/^very-long-name/).click();
    await fake.page.getByText('longer than what is kept').waitFor();
  });

  it('shows text, a picture on a canvas, and bytes', async () => {
    await fake.open(`${KNOWN}?view=files&path=srv/app/README.md`);
    await fake.page.getByText('<img src=x onerror=alert(1)> is shown as it is written.').first().waitFor();
    await fake.open(`${KNOWN}?view=files&path=srv/app/static/img/harbour-5.png`);
    await fake.page.getByText('320 × 200 pixels, image/png').waitFor();
    const drawn = await fake.page.locator('portolan-picture canvas').evaluate((canvas) => [...canvas.getContext('2d').getImageData(10, 190, 1, 1).data]);
    assert.deepEqual(drawn, [228, 212, 164, 255]);
    await fake.page.getByRole('button', { name: 'bytes' }).click();
    await fake.page.getByText('89 50 4e 47').waitFor();
    await fake.open(`${KNOWN}?view=files&path=usr/local/lib/libpython3.12.so.1.0`);
    await fake.page.getByText('7f 45 4c 46').waitFor();
    await fake.page.getByText('Showing 2.00 KiB of 11.1 MiB.').waitFor();
    for (let more = 0; more < 3; more += 1) await fake.page.getByRole('button', { name: 'Show more' }).click();
    await fake.page.getByRole('button', { name: 'Show 256 KiB' }).click();
    await fake.page.getByText('not verified: a part').waitFor();
  });

  it('saves a file as it is, under a name that harms nothing', async () => {
    await fake.open(`${KNOWN}?view=files&path=srv/app/settings.json`);
    const download = fake.page.waitForEvent('download');
    await fake.page.getByRole('button', { name: 'Save' }).click();
    const saved = await download;
    assert.equal(saved.suggestedFilename(), 'settings.json');
    assert.match(await readFile(await saved.path(), 'utf8'), /<script>alert\(1\)<\/script>/);
    await fake.page.getByText('Saved, and verified.').waitFor();
  });

  it('searches all paths as it is typed, and leads to the place of what was found', async () => {
    await fake.open(`${KNOWN}?view=files`);
    await fake.tree().waitFor();
    await fake.page.keyboard.press('/');
    await fake.page.keyboard.type('python scipy blas');
    await fake.page.getByText('1 path found.').waitFor();
    assert.equal(fake.param('q'), 'python scipy blas');
    await fake.page.keyboard.press('Enter');
    await fake.page.keyboard.press('j');
    await fake.page.keyboard.press('Enter');
    await fake.page.getByRole('heading', { name: /scipy\.libs\/libscipy-blas\.so/ }).waitFor();
    await fake.open(`${KNOWN}?view=files&q=no such path`);
    await fake.page.getByText('No path contains').waitFor();
  });

  it('shows what one layer did, by its address, its keys and its filters', async () => {
    await fake.open(`${KNOWN}`);
    await fake.page.getByRole('option', { name: /compileall/ }).click();
    await fake.page.getByRole('link', { name: 'Show its changes' }).click();
    await fake.page.getByText('Layer 9 of 9: ').waitFor();
    assert.match(fake.at(), /view=files&layer=sha256:[a-f0-9]{64}$/);
    await fake.page.getByRole('button', { name: /deleted \d+/ }).click();
    assert.equal(fake.param('changes'), 'deleted');
    await fake.row(/etc /).waitFor({ state: 'detached' });
    await fake.row(/^srv /).click();
    await fake.row(/^app /).click();
    await fake.row(/^deleted: \.env/).waitFor();
    assert.equal(await fake.row(/settings\.json/).count(), 0);
    await fake.page.keyboard.press('[');
    await fake.page.getByText('Layer 8 of 9: ').waitFor();
    assert.equal(fake.param('changes'), null);
    for (const key of [']', ']']) await fake.page.keyboard.press(key);
    await fake.page.getByText(/unpacked\.$/).waitFor();
    assert.equal(fake.param('layer'), null);
  });

  it('shows what is gone, and what was in it', async () => {
    await fake.open(`${KNOWN}?view=files&path=srv/app/.env&changes=deleted`);
    await fake.row(/^deleted: \.env/).waitFor();
    await fake.page.getByText('is gone from the image').waitFor();
    await fake.page.getByRole('heading', { name: 'Content in layer 7' }).waitFor();
    await fake.page.getByText('harbour=north').first().waitFor();
  });

  it('lists large files, the largest first', async () => {
    await fake.open(`${KNOWN}?view=files`);
    await fake.tree().waitFor();
    await fake.page.getByLabel('Size').selectOption('1048576');
    await fake.page.getByText(/^\d+ files of at least 1\.00 MiB found\.$/).waitFor();
    assert.match(await fake.page.getByRole('row').nth(1).innerText(), /ranker-v4\.bin/);
  });

  it('orders by size both ways', async () => {
    await fake.open(`${KNOWN}?view=files`);
    await fake.tree().waitFor();
    await fake.page.getByRole('button', { name: 'Size' }).click();
    await fake.page.waitForURL(/sort=-size/);
    await fake.page.waitForFunction(() => /^usr/.test(document.querySelector('portolan-app').shadowRoot.querySelector('portolan-image').shadowRoot.querySelector('portolan-image-files').shadowRoot
      .querySelector('portolan-files').shadowRoot.querySelector('portolan-file-tree').shadowRoot.querySelectorAll('[role=row]')[1].innerText.trim()));
    await fake.page.getByRole('button', { name: 'Size' }).click();
    await fake.page.waitForURL(/sort=size/);
  });

  it('walks the map by keyboard', async () => {
    await fake.open(`${KNOWN}?view=files`);
    const map = fake.page.getByRole('group', { name: /^Map of the root/ });
    const usr = map.getByRole('button', { name: /^usr / });
    await usr.focus();
    await fake.page.keyboard.press('ArrowRight');
    assert.match(await fake.page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element.textContent.trim();
    }), /^srv/);
    await fake.page.keyboard.press('Enter');
    await fake.page.waitForURL((url) => url.searchParams.get('path') === 'srv');
    await fake.page.getByRole('group', { name: /^Map of srv/ }).waitFor();
    await fake.page.getByText(/^The largest in it: app 100 %/).waitFor({ state: 'attached' });
    await fake.page.getByRole('group', { name: /^Map of srv/ }).getByRole('button').first().focus();
    await fake.page.keyboard.press('Backspace');
    await fake.page.waitForURL((url) => !url.searchParams.has('path'));
  });

  it('scrolls a preview by keyboard, and leaves the tree where it is', async () => {
    await fake.open(`${KNOWN}?view=files&path=usr/local/lib/python3.12/module_0.py`);
    const text = fake.page.getByRole('region', { name: 'Text of the file' });
    await text.focus();
    await fake.page.keyboard.press('End');
    await fake.page.waitForTimeout(200);
    assert.ok(await text.evaluate((region) => region.scrollTop > 100));
    assert.equal(await text.evaluate((region) => region.getRootNode().activeElement === region), true);
    await fake.page.keyboard.press('Escape');
    await text.waitFor({ state: 'detached' });
  });
});
