import start, * as module from '../../wasm/portolan_azure.js';
import { misuse } from '../error.js';
import type { InitInput } from '../types.js';

type Source = InitInput | undefined;

let find: (input: Source) => Source | Promise<Source> = (input) => input;
let loading: Promise<typeof module> | undefined;

/** How an environment brings the module where `fetch` of an address beside the package does not. */
export function findModuleWith(finder: typeof find): void {
  find = finder;
}

/** Loads the module of `portolan/azure`, once: every call does so by itself. See `init` of `portolan`. */
export async function initAzure(input?: InitInput | PromiseLike<InitInput>): Promise<void> {
  await load(input);
}

/** The module. */
export function load(input?: InitInput | PromiseLike<InitInput>): Promise<typeof module> {
  loading ??= begin(input).catch((cause: unknown) => {
    loading = undefined;
    throw misuse('cannot load portolan_azure_bg.wasm; give initAzure() its URL or bytes (see "Bundlers" in the README)', cause);
  });
  return loading;
}

async function begin(input: InitInput | PromiseLike<InitInput> | undefined): Promise<typeof module> {
  const source = await find(await input);
  await (source === undefined ? start() : start({ module_or_path: source }));
  return module;
}
