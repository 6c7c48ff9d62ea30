export { PortolanError } from '../error.js';
export { Acr } from './acr.js';
export { Arm, ArmContainer, ArmGroup, ArmRegistry } from './arm.js';
export { packContext } from './context.js';
export { initAzure } from './init.js';
export { signIn } from './login.js';
export { RunLog } from './log.js';
export type * from './types.js';
