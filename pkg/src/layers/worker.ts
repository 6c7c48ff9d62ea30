// The worker, as browsers run it.
import start, { Sha256 } from '../../wasm/portolan_layers.js';
import startExtra from '../../wasm/portolan_layers_extra.js';
import join from '../../wasm/portolan_layers_more.js';
import type { Port } from './job.js';
import { serve } from './serve.js';

/** What a worker and a message port have in common. */
interface Messages {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

// What is loaded already is answered once more, with its exports.
serve(port(self as unknown as Messages), {
  load: (source) => source === undefined ? start() : start({ module_or_path: source }),
  loadMore: async (source) => join(await start(), source),
  loadExtra: (source) => source === undefined ? startExtra() : startExtra({ module_or_path: source }),
  hash: () => new Sha256(),
  port,
});

function port(messages: Messages): Port {
  return {
    post: (message, transfer = []) => messages.postMessage(message, transfer),
    listen: (listen) => { messages.onmessage = ({ data }) => listen(data); },
  };
}
