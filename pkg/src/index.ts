export { PortolanError } from './error.js';
export { init } from './init.js';
export { parseReference } from './reference.js';
export { Registry } from './registry.js';
export type * from './types.js';
