/**
 * Serves a build made in the mode `fake`, under the policy that the real server sends (row U04), for looking at states that
 * a real registry shows only by accident.
 */
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { answerAzure } from '../../dev/fake-azure.mjs';

export const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self'; "
  + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.wasm': 'application/wasm',
};

/** Resolves to `{ url, asked, close }`; `asked` are the paths asked of what stands for Azure. */
export async function serveStatic(directory, registries) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    response.setHeader('content-security-policy', POLICY);
    response.setHeader('x-content-type-options', 'nosniff');
    if (pathname === '/api/registries') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ registries }));
      return;
    }
    const azure = answerAzure(request.url);
    if (azure) {
      asked.push(pathname);
      response.writeHead(azure.status, { 'content-type': 'application/json', ...azure.headers });
      response.end(JSON.stringify(azure.body));
      return;
    }
    const asset = extname(pathname) in TYPES && !pathname.startsWith('/r/');
    const path = join(directory, asset ? normalize(pathname) : 'index.html');
    try {
      const body = await readFile(path);
      response.setHeader('content-type', TYPES[extname(path)]);
      response.end(body);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    asked,
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }),
  };
}
