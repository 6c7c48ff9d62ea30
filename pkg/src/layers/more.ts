// The second half of the module: what the files are first shown without, loaded when somebody asks for it.
import * as module from '../../wasm/portolan_layers.js';
import { OnNeed } from './on-need.js';
import type { ModuleSource } from './protocol.js';

/** The whole module, when both halves are there. */
export type Whole = typeof module;

const need = new OnNeed<Whole>('portolan_layers_more_bg.wasm', module);

/** Says how it is loaded, once it is wanted. */
export const moreFrom = (load: () => Promise<unknown>): void => need.from(load);

/** Loads it, unless it is there. */
export const more = (): Promise<Whole> => need.get();

/** Puts the second half to the first, of which these are the exports. They are of one build, or do not fit. */
export async function join(first: object, source: NonNullable<ModuleSource>): Promise<void> {
  const code = typeof source === 'string' ? await fetched(source) : source;
  await WebAssembly.instantiate(code as BufferSource, { first: first as WebAssembly.ModuleImports });
}

async function fetched(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.arrayBuffer();
}
