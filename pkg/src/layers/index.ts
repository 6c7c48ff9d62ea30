export { PortolanError } from '../error.js';
export { initLayers, type LayersInit } from './hosts.js';
export { openFiles, planFiles } from './open.js';
export type * from './types.js';
