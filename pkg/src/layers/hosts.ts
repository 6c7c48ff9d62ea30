import type { InitInput } from '../types.js';
import { Host, type Thread } from './host.js';
import type { ModuleSource, ModuleSources } from './protocol.js';

/** Where the worker and its module come from, where the package does not find them by itself. */
export interface LayersInit {
  /** Starts the worker: a `Worker` over `portolan/layers/worker`, of type `module`. Called twice where layers are hashed in a worker of its own. */
  worker?: (() => Worker) | undefined;
  /** `portolan_layers_bg.wasm`. */
  wasm?: InitInput | PromiseLike<InitInput> | undefined;
  /** `portolan_layers_more_bg.wasm`, for searching, comparing, waste, history and reading: an address of it is only used when one of these is asked for. */
  moreWasm?: InitInput | PromiseLike<InitInput> | undefined;
  /** `portolan_layers_extra_bg.wasm`, for zstd and tables of contents: an address of it is only used when one comes. */
  extraWasm?: InitInput | PromiseLike<InitInput> | undefined;
}

let options: LayersInit = {};
let startThread: (worker: LayersInit['worker']) => Thread = (worker) => webThread(worker);
let shared: { host: Host; users: number } | undefined;

/** How an environment starts workers where there is no `Worker`. */
export function startThreadsWith(starter: typeof startThread): void {
  startThread = starter;
}

/** Says where the worker and its module come from. Counts for workers that are started later. */
export function initLayers(init: LayersInit): void {
  options = { ...init };
}

/** The worker that all images share, so that two of them can be compared; started for the first. */
export function acquire(): Host {
  if (!shared || shared.host.dead) shared = { host: new Host(() => startThread(options.worker), sources(options)), users: 0 };
  shared.users += 1;
  return shared.host;
}

/** Gives it back; with the last image the worker ends. */
export function release(host: Host): void {
  // One that died is ended, and another may have taken its place.
  if (shared?.host !== host) return;
  shared.users -= 1;
  if (shared.users > 0) return;
  shared = undefined;
  host.end();
}

async function sources({ wasm, moreWasm, extraWasm }: LayersInit): Promise<ModuleSources> {
  const [base, more, extra] = await Promise.all([source(wasm), source(moreWasm), source(extraWasm)]);
  return { wasm: base, more, extra };
}

async function source(input: LayersInit['wasm']): Promise<ModuleSource> {
  const found = await input;
  if (found instanceof URL) return found.href;
  return found instanceof Response ? found.arrayBuffer() : found;
}

function webThread(worker: LayersInit['worker']): Thread {
  // Bundlers look for this very expression.
  const inner = worker ? worker() : new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  return {
    post: (message, transfer) => inner.postMessage(message, transfer),
    listen(message, failed) {
      inner.onmessage = ({ data }) => message(data);
      inner.onerror = (event) => { event.preventDefault(); failed(event.error ?? event.message); };
      inner.onmessageerror = () => failed('a message could not be read');
    },
    busy: () => undefined,
    end: () => inner.terminate(),
  };
}
