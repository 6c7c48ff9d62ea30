// The module for what few layers need, zstd and tables of contents: loaded when the first of these comes.
import * as module from '../../wasm/portolan_layers_extra.js';
import { OnNeed } from './on-need.js';

/** The module, when it is there. */
export type Extra = typeof module;

const need = new OnNeed<Extra>('portolan_layers_extra_bg.wasm', module);

/** Says how it is loaded, once it is wanted. */
export const extraFrom = (load: () => Promise<unknown>): void => need.from(load);

/** Loads it, unless it is there. */
export const extra = (): Promise<Extra> => need.get();
