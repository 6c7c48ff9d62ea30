// Serves the layer as a registry does, and the package and the bundled peers to the browser.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../../pkg/', import.meta.url));
const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };

/** Starts it on a free port of loopback. */
export async function serve({ bytes, digest }, bundle) {
  const send = (response, body, type) => response.writeHead(200, { 'content-type': type, 'content-length': body.length }).end(body);
  const server = createServer(({ url }, response) => {
    if (url === `/v2/a/b/blobs/${digest}`) return send(response, bytes, 'application/octet-stream');
    if (url === '/') return send(response, Buffer.from('<!doctype html><link rel="icon" href="data:,">'), 'text/html');
    if (url === '/peers.js') return send(response, bundle, TYPES['.js']);
    if (url === '/ours.mjs') return send(response, readFileSync(new URL('ours.mjs', import.meta.url)), TYPES['.mjs']);
    if (url.startsWith('/pkg/') && !url.includes('..')) return send(response, readFileSync(join(PACKAGE, url.slice(5))), TYPES[extname(url)]);
    return response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => { server.close(); server.closeAllConnections(); } };
}
