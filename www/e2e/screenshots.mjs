/** Takes every view, by day and by night, wide and narrow, from the fake. `node e2e/screenshots.mjs [name ...]` */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launch, openPage } from './support/browser.mjs';
import { FAKE_REGISTRIES } from '../dev/fake-registries.mjs';
import { serveStatic } from './support/static-server.mjs';

const local = (path) => fileURLToPath(new URL(path, import.meta.url));

const STOREFRONT = '/r/demo/team/storefront';
const VIEWS = {
  registries: { path: '/' },
  repositories: { path: '/r/demo' },
  'repositories-many': { path: '/r/deep' },
  'repositories-search': { path: '/r/demo?q=team' },
  'repositories-empty': { path: '/r/empty' },
  'repositories-denied': { path: '/r/denied' },
  'repositories-unreachable': { path: '/r/down' },
  'repositories-blocked': { path: '/r/blocked' },
  'repositories-busy': { path: '/r/busy' },
  tags: { path: STOREFRONT },
  'tags-partial': { path: '/r/demo/archive/nightly' },
  'tags-empty': { path: '/r/demo/team/empty' },
  layers: { path: `${STOREFRONT}:4.2.0`, full: true },
  'layer-chosen': { path: `${STOREFRONT}:4.2.0`, keys: ['[', '[', '['], full: true },
  config: { path: `${STOREFRONT}:4.2.0?view=config`, full: true },
  manifest: { path: `${STOREFRONT}:4.2.0?view=manifest`, full: true },
  referrers: { path: `${STOREFRONT}:4.2.0?view=referrers`, full: true },
  'referrers-failed': { path: '/r/demo/platform/proxy:1.0.0?view=referrers' },
  platforms: { path: `${STOREFRONT}:4.2.0?view=platforms`, full: true },
  artifact: { path: '/r/demo/charts/storefront:4.2.0', full: true },
  unverified: { path: `${STOREFRONT}:tampered` },
  missing: { path: `${STOREFRONT}:gone` },
  help: { path: '/r/demo', keys: ['?'] },
};

const wanted = process.argv.slice(2);
const out = local('../screenshots');
await mkdir(out, { recursive: true });
const server = await serveStatic(local('../dist-fake'), FAKE_REGISTRIES);
const { context, close } = await launch();
const faults = [];
for (const [name, { path, keys = [], full = false }] of Object.entries(VIEWS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { page, check } = await openPage(context);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.goto(server.url + path);
      await page.waitForTimeout(900);
      for (const key of keys) await page.keyboard.press(key);
      if (keys.length > 0) await page.waitForTimeout(150);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) faults.push(`${name} at ${width}: scrolls sideways by ${overflow} px`);
      await page.screenshot({ path: `${out}/${name}-${width}-${theme}.png`, fullPage: full });
    }
  }
  faults.push(...(await check()).map((fault) => `${name}: ${fault}`));
  await page.close();
}
await close();
await server.close();
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exitCode = 1;
}
