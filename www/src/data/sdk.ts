import { init, Registry } from 'portolan';
import address from 'portolan/portolan_bg.wasm?url';

/** The SDK, ready to use. This file is loaded on demand, and the wasm module with it: the shell is painted without them. */
export async function sdk(): Promise<typeof Registry> {
  await init(new URL(address, document.baseURI));
  return Registry;
}
