// The second half of the module: what the files are first shown without, loaded when somebody asks for it.
import * as module from '../../wasm/portolan_layers.js';
import { OnNeed } from './on-need.js';

/** The whole module, when both halves are there. */
export type Whole = typeof module;

const need = new OnNeed<Whole>('portolan_layers_more_bg.wasm', module);

/** Says how it is loaded, once it is wanted. */
export const moreFrom = (load: () => Promise<unknown>): void => need.from(load);

/** Loads it, unless it is there. */
export const more = (): Promise<Whole> => need.get();
