// Workers that are none: their code runs in this thread, where its modules can be seen. The module's own instance: the loader gives it again.
import { readFileSync } from 'node:fs';
import { serve } from '../../pkg/dist/layers/serve.js';
import load, { Sha256 } from '../../pkg/wasm/portolan_layers.js';
import loadExtra from '../../pkg/wasm/portolan_layers_extra.js';
import join from '../../pkg/wasm/portolan_layers_more.js';

/** The bytes of a module. */
export const built = (name) => readFileSync(new URL(`../../pkg/wasm/${name}_bg.wasm`, import.meta.url));

const [MODULE, MORE, EXTRA] = ['portolan_layers', 'portolan_layers_more', 'portolan_layers_extra'].map(built);

/** What such a worker finds around it; `more` may bring something else. */
export const around = (more = {}) => ({
  load: () => load({ module_or_path: MODULE }),
  loadMore: async () => join(await load(), MORE),
  loadExtra: () => loadExtra({ module_or_path: EXTRA }),
  hash: () => new Sha256(),
  ...more,
});

/** Starts one; `seen` is told of what the page says and hears. */
export function worker(environment, seen = {}) {
  const { port1, port2 } = new MessageChannel();
  const ports = [port1];
  const port = (inner) => ports.push(inner) && ({ post: (message, transfer = []) => inner.postMessage(message, transfer), listen: (listen) => { inner.onmessage = ({ data }) => listen(data); } });
  serve(port(port2), { ...environment, port });
  return {
    post: (message, transfer) => port1.postMessage(message, transfer),
    listen: (message, failed) => { port1.onmessage = ({ data }) => message(data); Object.assign(seen, { fail: failed, say: message }); },
    busy: () => undefined,
    end: () => { seen.ended = true; for (const port of ports) port.close(); },
  };
}
