// One run of one contender in a process of its own: `node one.mjs NAME '{"url":...}'`. Prints what came of it, and the process's peak memory.
import { alone, combination } from './peers.mjs';
import { portolan } from './ours.mjs';

const [name, json] = process.argv.slice(2);
const layer = JSON.parse(json);
const run = { 'portolan': () => portolan(layer, false), 'portolan, diff_id too': () => portolan(layer, true), 'DecompressionStream alone': () => alone(layer) };
const before = process.resourceUsage().maxRSS;
const outcome = await (run[name] ?? (() => combination(name, layer)))();
console.log(JSON.stringify({ ...outcome, memory: (process.resourceUsage().maxRSS - before) * 1024 }));
process.exit(0);
