// The module for what few layers need, zstd and tables of contents: loaded when the first of these comes.
import * as module from '../../wasm/portolan_layers_extra.js';
import { misuse } from '../error.js';

/** The module, when it is there. */
export type Extra = typeof module;

let start: (() => Promise<unknown>) | undefined;
let loading: Promise<Extra> | undefined;

/** Says how it is loaded, once it is wanted. */
export function extraFrom(load: () => Promise<unknown>): void {
  start = load;
}

/** Loads it, unless it is there. */
export function extra(): Promise<Extra> {
  loading ??= load().catch((cause: unknown) => {
    loading = undefined;
    throw misuse('cannot load portolan_layers_extra_bg.wasm; give initLayers() its URL or bytes (see "Bundlers" in the README)', cause);
  });
  return loading;
}

async function load(): Promise<Extra> {
  await start?.();
  return module;
}
