/** What layers do, waste, and comparing, against the fake. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withFake } from './support/fake.mjs';

const KNOWN = '/r/demo/team/storefront-worker:1.1.0';
const COMPARE = '/r/demo/-/compare?left=team/storefront-worker:1.0.0&right=team/storefront-worker:1.1.0';

describe('layers, waste, comparing', () => {
  const fake = withFake();

  it('leads from waste to the path and to the layer', async () => {
    await fake.open(`${KNOWN}?view=waste`);
    await fake.page.getByRole('link', { name: 'srv/app/deploy/id_ed25519' }).first().click();
    await fake.page.getByRole('heading', { name: 'Content in layer 7' }).waitFor();
    await fake.page.goBack();
    await fake.page.getByRole('link', { name: 'Layer 7' }).first().click();
    await fake.page.getByText('Layer 7 of 9: ').waitFor();
  });

  it('tells in the stack what the layers do, and which other tags share', async () => {
    await fake.open(KNOWN);
    await fake.page.getByRole('option', { name: /2,6\d\d added, 1 changed, 0 deleted/ }).waitFor();
    await fake.page.getByRole('button', { name: 'Find layers that other tags share' }).click();
    await fake.page.getByText('3 layers are shared with some of the 2 other tags looked at').waitFor();
    await fake.page.getByText('hatched: other tags share it').waitFor();
    await fake.page.getByRole('option', { name: /^base/ }).click();
    await fake.page.getByText('Shared with 2 of the 2 other tags looked at').waitFor();
    assert.equal(await fake.page.locator('portolan-layers rect[fill^="url(#shared"]').count(), 7, 'three in the column, three in the list, one in the key');
  });

  it('compares two ticked tags, by keyboard', async () => {
    await fake.open('/r/demo/team/storefront-worker');
    await fake.page.getByRole('grid').waitFor();
    await fake.page.keyboard.press('j');
    await fake.page.keyboard.press('x');
    await fake.page.keyboard.press('j');
    await fake.page.keyboard.press('c');
    await fake.page.waitForURL(/tick=[\w.]+,[\w.]+/);
    await fake.page.keyboard.press('c');
    await fake.page.waitForURL(/\/-\/compare\?left=team\/storefront-worker:[\w.]+&right=/);
    await fake.page.getByText(/paths differ\.$/).waitFor();
    await fake.page.keyboard.press('Escape');
    await fake.page.getByRole('grid', { name: 'Tags' }).waitFor();
  });

  it('leads from an image to the tag it is compared with', async () => {
    await fake.open(KNOWN);
    await fake.page.getByRole('listbox').waitFor();
    await fake.page.keyboard.press('c');
    await fake.page.getByRole('checkbox', { name: 'Compare 1.1.0', checked: true }).waitFor();
    await fake.page.getByRole('checkbox', { name: 'Compare latest' }).check();
    await fake.page.getByRole('button', { name: 'Compare', exact: true }).click();
    await fake.page.getByRole('heading', { name: 'team/storefront-worker:latest', exact: true }).waitFor();
  });

  it('shows what differs, filtered, searched and one by one', async () => {
    await fake.open(COMPARE);
    await fake.page.getByText(/^The right one is [\d.]+ MiB \([\d.]+ %\) larger than the left one, unpacked\.$/).waitFor();
    await fake.page.getByRole('button', { name: /changed \d+/ }).click();
    await fake.page.getByText(/paths differ and fit\.$/).waitFor();
    assert.equal(fake.param('kinds'), 'changed');
    await fake.page.keyboard.press('/');
    await fake.page.keyboard.type('README');
    await fake.page.getByText(/^\d+ paths? differs? and fit\.$|^1 path differs and fit/).first().waitFor();
    await fake.page.getByRole('row', { name: /README\.md/ }).click();
    await fake.page.getByRole('complementary', { name: 'The chosen difference' }).waitFor();
    assert.equal(fake.param('path'), 'srv/app/README.md');
    await fake.page.getByRole('link', { name: 'Open it at the right' }).click();
    await fake.page.getByRole('heading', { name: 'srv/app/README.md' }).waitFor();
    assert.match(fake.at(), /storefront-worker:1\.1\.0\?view=files&path=srv\/app\/README\.md$/);
  });

  it('says how many files could not be compared', async () => {
    await fake.open('/r/demo/-/compare?left=team/inventory:1.0.0&right=team/storefront-worker:1.1.0');
    await fake.page.getByText(/ paths differ\. [\d,]+ files of the same size could not be compared: on one side only a table of contents tells what is in them\.$/).waitFor();
    await fake.open(COMPARE);
    await fake.page.getByText(/ paths differ\.$/).waitFor();
  });

  it('names the layer of a shared middle once', async () => {
    await fake.open(COMPARE);
    await fake.page.getByText(/^In both 3 layers/).waitFor();
    assert.equal(await fake.page.locator('portolan-compare-layers .shared .layer').count(), 3);
    assert.equal(await fake.page.locator('portolan-compare-layers .left .layer').count(), 6);
  });
});
