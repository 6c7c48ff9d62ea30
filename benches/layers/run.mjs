// Lists one layer in Node and in Chromium: ours against every combination of what JavaScript has. Prints a table for each.
//
//     npm ci && node run.mjs [MiB uncompressed, 400] [runs, 5]
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { makeLayer } from './layer.mjs';
import { COMBINATIONS, reads } from './peers.mjs';
import { serve } from './serve.mjs';

const [mib = 400, runs = 5] = process.argv.slice(2).map(Number);
const OURS = ['portolan', 'portolan, diff_id too'];
const ALONE = 'DecompressionStream alone';
/** For its memory. */
const IDLE = 'fetch alone';
/** Combinations of libraries that are run more than once: the best of a first look. */
const BEST = 2;

const layer = makeLayer(mib);
const entryPoints = ['web.mjs', '../../pkg/dist/layers/worker.js'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
const { outputFiles } = await build({ entryPoints, entryNames: '[name]', outdir: '/', bundle: true, format: 'esm', write: false, logLevel: 'error' });
const bundles = new Map(outputFiles.map(({ path, contents }) => [path, contents]));
const [server, paced, slow] = [await serve(layer, bundles), await serve(layer, bundles, 50), await serve(layer, bundles, 25)];
const { digest, size, diffId, unpacked } = layer;
console.log(`a layer of ${(unpacked / 1e6).toFixed(0)} MB, ${(size / 1e6).toFixed(0)} MB as gzip -6; medians of ${runs}; MB/s of uncompressed bytes`);
try {
  await compare('Node', inNode);
  const browser = await chromium.launch({ executablePath: process.env.PORTOLAN_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'] });
  await compare('Chromium', (name, from, watched) => inChromium(browser, name, from, watched));
  await browser.close();
} finally {
  server.close();
  paced.close();
  slow.close();
}

async function compare(where, run) {
  const looked = [];
  for (const name of COMBINATIONS) looked.push([name, await run(name)]);
  const ranked = looked.sort(([, a], [, b]) => a.time - b.time).map(([name]) => name);
  const best = ranked.filter(reads).slice(0, BEST);
  const least = ranked.find((name) => !reads(name));
  const contenders = [...OURS, ALONE, ...best, least];
  const outcomes = new Map(contenders.map((name) => [name, []]));
  for (let turn = 0; turn < runs; turn += 1) for (const name of contenders) outcomes.get(name).push(await run(name));
  // By itself, since looking at memory takes time.
  const watched = new Map();
  for (const name of [...contenders, IDLE]) watched.set(name, [await run(name, server, true), await run(name, paced, true)]);
  const peaks = (name) => watched.get(name).map(({ memory }) => `${(memory / 2 ** 20).toFixed(0)} MiB`.padStart(11)).join('  ');
  const median = (name, of) => outcomes.get(name).map(of).sort((a, b) => a - b)[runs >> 1];
  const ours = median('portolan', ({ time }) => time);
  console.log(`\n${where}${' '.repeat(46 - where.length)} MB/s   x ours   first entry   peak memory   at 50 MB/s`);
  for (const name of contenders) {
    const time = median(name, (outcome) => outcome.time);
    const first = median(name, (outcome) => outcome.first);
    console.log(`${name.padEnd(45)} ${(unpacked / 1e3 / time).toFixed(0).padStart(5)}   ${(ours / time).toFixed(2).padStart(6)}   ${first ? `${first.toFixed(0)} ms`.padStart(11) : ' '.repeat(11)}   ${peaks(name)}`);
  }
  console.log(`${`${IDLE}, read at 50 MB/s`.padEnd(77)}${peaks(IDLE)}`);
  const times = (names) => Math.min(...names.map((name) => median(name, ({ time }) => time))) / ours;
  const loss = (without, and) => `${((1 - without / and) * 100).toFixed(0)} %`;
  console.log(`x${times(best).toFixed(2)} the best combination of libraries, x${times([least]).toFixed(2)} the best that reads no long names, x${times([ALONE]).toFixed(2)} ${ALONE}`);
  const costs = [`${loss(ours, median(OURS[1], ({ time }) => time))} as fast as it comes`];
  for (const [from, pace] of [[paced, 50], [slow, 25]]) {
    const [without, and] = [await run(OURS[0], from), await run(OURS[1], from)];
    costs.push(`${loss(without.time, and.time)} at ${pace} MB/s`);
  }
  console.log(`the diff_id costs ${costs.join(', ')}`);
}

/** What a contender is told. */
function facts({ url }) {
  return { url: `${url}v2/a/b/blobs/${digest}`, registry: url, digest, size, diffId };
}

async function inNode(name, from = server) {
  const script = fileURLToPath(new URL('one.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, name, JSON.stringify(facts(from))], { maxBuffer: 1 << 20 });
  return JSON.parse(stdout);
}

/** In a fresh page: its process is new, and its memory, if that is watched, is what it takes beyond an empty page. */
async function inChromium(browser, name, from = server, watched = false) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(from.url);
  // An empty page takes a second until it has all the memory that it needs for being empty.
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const before = new Set(renderers());
  const start = memory();
  let peak = start;
  const watch = watched ? setInterval(() => { peak = Math.max(peak, memory()); }, 50) : undefined;
  const outcome = await page.evaluate(async ([name, facts, ours]) => {
    const { portolan, alone, combination, idle } = await import('/web.js');
    if (ours.includes(name)) return portolan(facts, name !== ours[0]);
    if (name === 'fetch alone') return idle(facts);
    return name === 'DecompressionStream alone' ? alone(facts) : combination(name, facts);
  }, [name, facts(from), OURS]);
  clearInterval(watch);
  await context.close();
  return { ...outcome, memory: before.size > 0 ? peak - start : 0 };
}

/** Processes of Chromium that run pages. */
function renderers() {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer');
    } catch {
      return false;
    }
  });
}

/** What all of them have in memory, shared pages counted by halves, thirds and so on. */
function memory() {
  return renderers().reduce((sum, pid) => {
    try {
      return sum + Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024;
    } catch {
      return sum;
    }
  }, 0);
}
