// What a page of the bench loads, bundled as a page would have it: ours and theirs.
import { init, Registry } from '../../pkg/dist/index.js';
import { openFiles } from '../../pkg/dist/layers/index.js';
import { list } from './ours.mjs';

export { alone, combination, idle } from './peers.mjs';
export const portolan = (layer, diffIds) => list({ init, Registry, openFiles }, layer, diffIds);
