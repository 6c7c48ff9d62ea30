/** Every designed state of the views over files, and the policy that their worker needs. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withFake } from './support/fake.mjs';

const KNOWN = '/r/demo/team/storefront-worker:1.1.0';
const COMPARE = '/r/demo/-/compare?left=team/storefront-worker:1.0.0&right=team/storefront-worker:1.1.0';

describe('states of files', () => {
  const fake = withFake(/requires 'TrustedScriptURL' assignment|violates the following Content Security Policy directive/);

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
      await fake.open(path);
      for (const word of words) await fake.page.getByText(word).first().waitFor({ timeout: 10_000 });
    });
  }

  it('lets no other script become a worker', async () => {
    await fake.open(`${KNOWN}?view=files`);
    await fake.tree().waitFor();
    const refused = await fake.page.evaluate(() => ['/theme.js', 'data:text/javascript,0', '/assets/../theme.js'].map((address) => {
      try {
        new Worker(address);
        return 'made';
      } catch (error) {
        return error.name;
      }
    }));
    assert.deepEqual(refused, ['TypeError', 'TypeError', 'TypeError']);
    await fake.page.waitForTimeout(100);
    await fake.page.evaluate(() => { window.violations.length = 0; });
  });
});
