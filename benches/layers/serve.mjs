// Serves the layer as a registry does, and to the browser the bundles and the package's modules.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MODULES = fileURLToPath(new URL('../../pkg/wasm/', import.meta.url));

/** Bytes of a layer that are sent at once where it is not sent as fast as it can be. */
const PIECE = 1 << 18;

/** Starts it on a free port of loopback. With a pace it sends layers at so many MB/s. */
export async function serve({ bytes, digest }, bundles, pace = 0) {
  const send = (response, body, type) => response.writeHead(200, { 'content-type': type, 'content-length': body.length }).end(body);
  const server = createServer(({ url }, response) => {
    if (url === `/v2/a/b/blobs/${digest}`) return pace > 0 ? trickle(response, bytes, pace * 1000) : send(response, bytes, 'application/octet-stream');
    if (url === '/') return send(response, Buffer.from('<!doctype html><link rel="icon" href="data:,">'), 'text/html');
    if (bundles.has(url)) return send(response, bundles.get(url), 'text/javascript');
    if (/^\/\w+\.wasm$/.test(url)) return send(response, readFileSync(join(MODULES, url)), 'application/wasm');
    return response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => { server.close(); server.closeAllConnections(); } };
}

async function trickle(response, bytes, pace) {
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length });
  const start = performance.now();
  for (let at = 0; at < bytes.length && !response.destroyed; at += PIECE) {
    response.write(bytes.subarray(at, at + PIECE));
    await setTimeout((at + PIECE) / pace - (performance.now() - start));
  }
  response.end();
}
