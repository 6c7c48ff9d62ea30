// The entry for Node: `fetch` reads no files there.
import { readFile } from 'node:fs/promises';
import { findModuleWith } from './init.js';

findModuleWith((input) => {
  const source = input ?? new URL('../../wasm/portolan_azure_bg.wasm', import.meta.url);
  return source instanceof URL && source.protocol === 'file:' ? readFile(source) : source;
});

export * from './index.js';
