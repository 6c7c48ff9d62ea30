// One run of one contender in a process of its own: `node one.mjs NAME '{"url":...}'`. Prints what came of it, and the process's peak memory.
import { readFileSync } from 'node:fs';
import { alone, combination, idle } from './peers.mjs';
import { list } from './ours.mjs';

const [name, json] = process.argv.slice(2);
const layer = JSON.parse(json);
const portolan = async (layer, diffIds) => {
  const [{ init, Registry }, { openFiles }] = await Promise.all(['node.js', 'layers/node.js'].map((entry) => import(`../../pkg/dist/${entry}`)));
  return list({ init, Registry, openFiles }, layer, diffIds);
};
const run = { 'portolan': () => portolan(layer, false), 'portolan, diff_id too': () => portolan(layer, true), 'DecompressionStream alone': () => alone(layer), 'fetch alone': () => idle(layer) };
// Not maxRSS, which begins at what the parent had.
const peak = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0);
const before = peak();
const outcome = await (run[name] ?? (() => combination(name, layer)))();
console.log(JSON.stringify({ ...outcome, memory: (peak() - before) * 1024 }));
process.exit(0);
