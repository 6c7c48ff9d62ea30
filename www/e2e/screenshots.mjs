/** Takes every view, by day and by night, wide and narrow, from the fake. `node e2e/screenshots.mjs [name ...]` */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launch, openPage } from './support/browser.mjs';
import { FAKE_REGISTRIES, TROUBLED_REGISTRIES } from '../dev/fake-registries.mjs';
import { serveStatic } from './support/static-server.mjs';

const local = (path) => fileURLToPath(new URL(path, import.meta.url));

const STOREFRONT = '/r/demo/team/storefront';
const WORKER = '/r/demo/team/storefront-worker';
const INVENTORY = '/r/demo/team/inventory';
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
  'layers-known': { path: `${WORKER}:1.1.0`, click: ['Find layers that other tags share'], wait: 1200, full: true },
  'layers-mismatch': { path: `${INVENTORY}:1.1.0?layer=7`, full: true },
  files: { path: `${WORKER}:1.1.0?view=files` },
  'files-directory': { path: `${WORKER}:1.1.0?view=files&path=usr/local/lib/python3.12` },
  'files-text': { path: `${WORKER}:1.1.0?view=files&path=srv/app/settings.json` },
  'files-picture': { path: `${WORKER}:1.1.0?view=files&path=srv/app/static/img/harbour-5.png` },
  'files-bytes': { path: `${WORKER}:1.1.0?view=files&path=usr/local/lib/libpython3.12.so.1.0` },
  'files-odd': { path: `${WORKER}:1.1.0?view=files&path=srv/app/uploads` },
  'files-layer': { path: `${WORKER}:1.1.0?view=files&layer=11&path=srv/app` },
  'files-search': { path: `${WORKER}:1.1.0?view=files&q=blas` },
  'files-large': { path: `${WORKER}:1.1.0?view=files&min=1048576` },
  'files-asking': { path: `${STOREFRONT}:4.2.0?view=files` },
  'files-reading': { path: '/r/demo/data/warehouse/loader:1.0.0?view=files', click: ['Read the files'], wait: 2500 },
  'files-stopped': { path: '/r/demo/data/warehouse/loader:1.0.0?view=files', click: ['Read the files', 'Stop'] },
  'files-partial': { path: '/r/demo/team/checkout:1.1.0?view=files' },
  'files-too-large': { path: '/r/demo/platform/metrics:1.0.0?view=files' },
  'files-none': { path: '/r/demo/platform/scheduler:1.0.0?view=files' },
  'files-empty-layer': { path: `${WORKER}:1.1.0?view=files&layer=6` },
  'files-missing': { path: `${WORKER}:1.1.0?view=files&path=usr/lib/nothing` },
  'files-many': { path: '/r/demo/data/etl:1.0.0?view=files&path=data/flat' },
  waste: { path: `${WORKER}:1.1.0?view=waste`, full: true },
  'tags-ticked': { path: `${STOREFRONT}?tick=4.2.0,4.1.7&q=4.` },
  compare: { path: `/r/demo/-/compare?left=team/storefront-worker:1.0.0&right=team/storefront-worker:1.1.0` },
  'compare-chosen': { path: `/r/demo/-/compare?left=team/storefront-worker:1.0.0&right=team/storefront-worker:1.1.0&kinds=changed&path=srv/app/README.md`, full: true },
  'compare-asking': { path: `/r/demo/-/compare?left=team/storefront:4.1.7&right=team/storefront:4.2.0` },
  config: { path: `${STOREFRONT}:4.2.0?view=config`, full: true },
  manifest: { path: `${STOREFRONT}:4.2.0?view=manifest`, full: true },
  referrers: { path: `${STOREFRONT}:4.2.0?view=referrers`, full: true },
  'referrers-failed': { path: '/r/demo/platform/proxy:1.0.0?view=referrers' },
  platforms: { path: `${STOREFRONT}:4.2.0?view=platforms`, full: true },
  artifact: { path: '/r/demo/charts/storefront:4.2.0', full: true },
  unverified: { path: `${STOREFRONT}:tampered` },
  missing: { path: `${STOREFRONT}:gone` },
  replicas: { path: '/r/azure/-/replicas?name=team/storefront:4.2.0', full: true },
  'replicas-lagging': { path: '/r/azure/-/replicas?name=team/storefront:lagging', full: true },
  'replicas-diverged': { path: '/r/azure/-/replicas?name=team/storefront:diverged', full: true },
  'replicas-trouble': { path: '/r/azure-trouble/-/replicas?name=team/storefront:4.2.0', full: true },
  'replicas-denied': { path: '/r/azure-denied/-/replicas', full: true },
  'replicas-alone': { path: '/r/azure-alone/-/replicas', full: true },
  'replicas-unknown': { path: '/r/demo/-/replicas' },
  attributes: { path: '/r/azure/team/storefront:4.2.0?view=attributes', full: true },
  untagged: { path: '/r/azure/team/storefront?show=untagged', full: true },
  help: { path: '/r/demo', keys: ['?'] },
};

const wanted = process.argv.slice(2);
const out = local('../screenshots');
await mkdir(out, { recursive: true });
const server = await serveStatic(local('../dist-fake'), [...FAKE_REGISTRIES, ...TROUBLED_REGISTRIES]);
const { context, close } = await launch();
const faults = [];
for (const [name, { path, keys = [], full = false, click = [], wait = 0, expected = /403|502/ }] of Object.entries(VIEWS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { page, check } = await openPage(context, expected);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.goto(server.url + path);
      await page.waitForTimeout(900);
      for (const name of click) await page.getByRole('button', { name, exact: true }).first().click();
      await page.waitForTimeout(wait);
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
