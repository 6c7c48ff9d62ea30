// What only a browser shows of `portolan/layers`: its storage, its threads, and a worker that dies in one.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { blobs, layer, tar } from '../../../tests/node/images.mjs';
import { large } from '../../../tests/node/large.mjs';
import { withMemory } from '../../../tests/node/small-memory.mjs';
import { openPage, project, serve } from './harness.mjs';

/** A page that opens images for the test; kinds of errors in place of errors. */
const APP = `
  import { init, Registry } from './node_modules/portolan/dist/index.js';
  import { initLayers, openFiles } from './node_modules/portolan/dist/layers/index.js';
  trustedTypes.createPolicy('default', { createScriptURL: (url) => url });
  await init();
  const registry = new Registry(location.origin);
  globalThis.initLayers = (wasm) => initLayers(wasm ? { wasm: new URL(wasm, location.href) } : {});
  globalThis.open = async (tag, options) => {
    const files = await openFiles(registry, 'a/b', await registry.image('a/b', tag), options).catch((error) => error);
    if (files instanceof Error) return { kind: files.kind, message: files.message };
    const layers = files.layers.map(({ state, cached, diffId, entries }) => ({ state, cached, diffId, entries }));
    files.close();
    return { layers };
  };
  globalThis.ready = true;
`;

/** That page over \`images\`, in Chromium. */
async function app(t, images, hook) {
  const root = project(t, { script: './app.js' });
  writeFileSync(join(root, 'app.js'), APP);
  const { browser, page } = await openPage(t);
  const url = await serve(t, root, { images, hook });
  const load = async () => {
    await page.goto(url);
    await page.waitForFunction(() => globalThis.ready);
  };
  await load();
  return { browser, page, load, root, open: (tag, options) => page.evaluate(([tag, options]) => globalThis.open(tag, options), [tag, options]) };
}

/** A layer of so many files, whose names do not compress well. */
function named(tag, count) {
  return layer(tar(...Array.from({ length: count }, (_, at) => `${tag}/${(at * 2_654_435_761 % 2 ** 32).toString(36)}-${tag}${at}`)));
}

/** Keys and sizes of what the browser keeps, the one not used for longest first. */
function kept(page) {
  return page.evaluate(() => new Promise((resolve, reject) => {
    const opening = indexedDB.open('portolan-layers');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const found = [];
      const cursor = opening.result.transaction('uses').objectStore('uses').index('used').openCursor();
      cursor.onsuccess = () => {
        if (!cursor.result) { opening.result.close(); return resolve(found); }
        found.push({ digest: cursor.result.primaryKey.split(' ').at(-1), size: cursor.result.value.size });
        return cursor.result.continue();
      };
    };
  }));
}

/** Waits until these layers are kept and no others, in this order of use. */
async function untilKept(page, layers) {
  const wanted = layers.map(({ descriptor: { digest } }) => digest);
  for (let tries = 0; ; tries += 1) {
    const found = await kept(page);
    if (found.map(({ digest }) => digest).join() === wanted.join()) return found;
    if (tries === 100) assert.deepEqual(found.map(({ digest }) => digest), wanted);
    await page.waitForTimeout(20);
  }
}

test('IndexedDB keeps listings up to its limit, and forgets what was not used for longest', async (t) => {
  const [one, two, three, four] = ['one', 'two', 'three', 'four'].map((tag) => named(tag, 2000));
  const { page, load, open } = await app(t, blobs({ one: [one], two: [two], three: [three], four: [four] }));
  const cached = async (tag, options) => (await open(tag, options)).layers.map(({ cached }) => cached)[0];
  assert.equal(await cached('one'), false);
  const [{ size }] = await untilKept(page, [one]);
  assert.ok(size > 5000, `${size} bytes`);
  const options = { cacheLimit: Math.round(size * 2.5) };
  assert.equal(await cached('two', options), false);
  await untilKept(page, [one, two]);
  assert.equal(await cached('one', options), true);
  await untilKept(page, [two, one]);
  assert.equal(await cached('three', options), false);
  const full = await untilKept(page, [one, three]);
  assert.ok(full.reduce((sum, { size }) => sum + size, 0) <= options.cacheLimit);

  await load();
  assert.deepEqual([await cached('one', options), await cached('three', options), await cached('two', { cache: false })], [true, true, false], 'after a reload too');
  assert.equal(await cached('four', { cacheLimit: 1000 }), false);
  assert.equal(await cached('three', options), true, 'what is too large by itself takes no place');
  await untilKept(page, [one, three]);
});

test('W02: a module that traps for want of memory ends its worker; the page is told, and the next image opens', async (t) => {
  const { page, root, open } = await app(t, blobs({ small: [named('small', 10)], large: [named('below', 10), named('large', 60_000)] }));
  const module = readFileSync(join(root, 'node_modules/portolan/wasm/portolan_layers_bg.wasm'));
  writeFileSync(join(root, 'small.wasm'), withMemory(module, 80));
  await page.evaluate(() => globalThis.initLayers('small.wasm'));
  const small = { layers: [{ state: 'ready', cached: false, diffId: 'match', entries: 10 }] };
  const options = { cache: false };
  assert.deepEqual(await open('small', options), small);
  for (let round = 0; round < 2; round += 1) {
    assert.deepEqual(await open('large', options), { kind: 'LimitExceeded', message: 'limit exceeded: memory of the worker' });
    assert.deepEqual(await open('small', options), small);
  }
  await page.evaluate(() => globalThis.initLayers());
  assert.deepEqual((await open('large', options)).layers.map(({ state, entries }) => [state, entries]), [['ready', 10], ['ready', 60_000]]);
});

test('the thread of the page stays free while a large layer is listed', async (t) => {
  const wanted = await large(t, 40, { path: 'wanted', content: Buffer.from('here') });
  const { browser, page, open } = await app(t, blobs({ large: [wanted] }), (request, response, name) => {
    if (name !== wanted.descriptor.digest) return false;
    wanted.send(request, response, () => undefined);
    return true;
  });
  const rounds = [];
  for (let round = 0; round < 3; round += 1) {
    const tasks = await traced(browser, page, async () => {
      const { layers } = await open('large', { cache: false });
      assert.deepEqual(layers, [{ state: 'ready', cached: false, diffId: 'match', entries: 41 }]);
    });
    // Its own time, in which waiting for a busy machine does not count. On a virtual machine a thread's clock leaps, beyond what the task took at all.
    const worst = Math.max(...tasks.map(({ dur, tdur }) => Math.min(dur, tdur))) / 1000;
    const longest = Math.max(...tasks.map(({ dur }) => dur)) / 1000;
    t.diagnostic(`${wanted.descriptor.size} bytes in ${tasks.length} tasks, the worst ${worst} ms of its own time, ${longest} ms by the clock`);
    assert.ok(tasks.length > 500, `${tasks.length} tasks`);
    rounds.push(worst);
  }
  // What is taken away from a virtual machine counts as a thread's own time, now and then; what blocks a listing blocks the next one, too.
  const [, median] = rounds.sort((one, other) => one - other);
  assert.ok(median < 50, `tasks of ${rounds.join(', ')} ms`);
});

/** Tasks of the page's thread while something is done. */
async function traced(browser, page, what) {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await what();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const main = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(threadOf));
  return traceEvents.filter((event) => event.name === 'ThreadControllerImpl::RunTask' && main.has(threadOf(event)) && event.tdur !== undefined);
}

function threadOf({ pid, tid }) {
  return `${pid} ${tid}`;
}
