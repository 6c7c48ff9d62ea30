// The package as Node users get it: through the entry that its `exports` name for Node.
import { readFileSync } from 'node:fs';

const folder = new URL('../../pkg/', import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));

export const portolan = await import(new URL(exports['.'].node, folder));
export const layers = await import(new URL(exports['./layers'].node, folder));
export const azure = await import(new URL(exports['./azure'].node, folder));
