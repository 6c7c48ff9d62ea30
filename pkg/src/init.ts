import start, * as module from '../wasm/portolan.js';
import { misuse } from './error.js';
import type { InitInput } from './types.js';

type Source = InitInput | undefined;

let find: (input: Source) => Source | Promise<Source> = (input) => input;
let loading: Promise<void> | undefined;
let loaded = false;

/** How an environment brings the module where `fetch` of an address beside the package does not. */
export function findModuleWith(finder: typeof find): void {
  find = finder;
}

/**
 * Loads the WebAssembly module, once; further calls wait for the same one. Every asynchronous call of the package does
 * so by itself: call `init` to load early, or to say where the module is. After a failure the next call tries again.
 */
export function init(input?: InitInput | PromiseLike<InitInput>): Promise<void> {
  loading ??= load(input).catch((cause: unknown) => {
    loading = undefined;
    throw misuse('cannot load portolan_bg.wasm; give init() its URL or bytes (see "Bundlers" in the README)', cause);
  });
  return loading;
}

async function load(input: InitInput | PromiseLike<InitInput> | undefined): Promise<void> {
  const source = await find(await input);
  await (source === undefined ? start() : start({ module_or_path: source }));
  loaded = true;
}

/** The module, for what answers at once. */
export function ready(): typeof module {
  if (!loaded) throw misuse('the module is not loaded yet: await init() first');
  return module;
}
