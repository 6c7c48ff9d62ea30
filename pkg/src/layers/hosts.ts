import type { InitInput } from '../types.js';
import { Host, type Thread } from './host.js';
import type { ModuleSource } from './protocol.js';

/** Where the worker and its module come from, where the package does not find them by itself. */
export interface LayersInit {
  /** Starts the worker: a `Worker` over `portolan/layers/worker`, of type `module`. Called twice where layers are hashed in a worker of its own. */
  worker?: (() => Worker) | undefined;
  /** `portolan_layers_bg.wasm`. */
  wasm?: InitInput | PromiseLike<InitInput> | undefined;
}

let options: LayersInit = {};
let startThread: (worker: LayersInit['worker']) => Thread = (worker) => webThread(worker);
let shared: { host: Promise<Host>; users: number } | undefined;

/** How an environment starts workers where there is no `Worker`. */
export function startThreadsWith(starter: typeof startThread): void {
  startThread = starter;
}

/** Says where the worker and its module come from. Counts for workers that are started later. */
export function initLayers(init: LayersInit): void {
  options = { ...init };
}

/** The worker that all images share, so that two of them can be compared; started for the first. */
export async function acquire(): Promise<Host> {
  if (shared && (await shared.host).dead) shared = undefined;
  shared ??= { host: start(), users: 0 };
  const { host } = shared;
  shared.users += 1;
  return host.catch((error: unknown) => {
    shared = undefined;
    throw error;
  });
}

/** Gives it back; with the last image the worker ends. */
export async function release(host: Host): Promise<void> {
  if (!shared || await shared.host !== host) return host.end();
  shared.users -= 1;
  if (shared.users > 0) return;
  shared = undefined;
  host.end();
}

async function start(): Promise<Host> {
  const wasm = await source(await options.wasm);
  return new Host(() => startThread(options.worker), wasm);
}

async function source(input: InitInput | undefined): Promise<ModuleSource> {
  if (input instanceof URL) return input.href;
  return input instanceof Response ? input.arrayBuffer() : input;
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
