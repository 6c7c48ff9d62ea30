/* tslint:disable */
/* eslint-disable */
/**
 * Puts the second half of a module to the first, of which these are the exports. Without a source it is looked for beside this file.
 */
export default function join(first: object, source?: string | URL | BufferSource | WebAssembly.Module): Promise<void>;
