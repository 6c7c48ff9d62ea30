// A project of its own for each test, with the packed package installed, and a real browser to load what came out.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { blobs, layer, tar, zstd } from '../../../tests/node/images.mjs';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };

/** The strictest policy that a page with WebAssembly can have; the portal has it too. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; base-uri 'none'; form-action 'none'; img-src data:; "
  + "frame-ancestors 'none'; require-trusted-types-for 'script'; connect-src ";

/** What the app opens: a layer for each module that it takes. */
const IMAGE = blobs({ v1: [layer(tar('etc/', { path: 'etc/motd', content: 'hello' }), { pack: gzipSync }), layer(tar({ path: 'etc/issue', content: 'Debian' }), { pack: zstd })] });

/** A folder with `node_modules/portolan` as npm would install it, `app.js` and an `index.html` that loads `script`. */
export function project(t, { script }) {
  const root = mkdtempSync(join(tmpdir(), 'portolan-bundler-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', root], { cwd: PACKAGE, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  mkdirSync(join(root, 'node_modules/portolan'), { recursive: true });
  execFileSync('tar', ['-xzf', join(root, filename), '-C', join(root, 'node_modules/portolan'), '--strip-components=1']);
  writeFileSync(join(root, 'package.json'), '{ "type": "module", "private": true }');
  copyFileSync(new URL('app.js', import.meta.url), join(root, 'app.js'));
  writeFileSync(join(root, 'index.html'), `<!doctype html><link rel="icon" href="data:,"><script type="module" src="${script}"></script>`);
  return root;
}

/**
 * Serves a folder, below `/v2/` something that answers as a registry does with `images`, and ACR's own list of repositories; `hook` may answer for a blob itself, by
 * returning true. Returns the address.
 */
export async function serve(t, root, { connect = "'self'", images = IMAGE, hook = () => false } = {}) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, 'http://local').pathname);
    if (path === '/v2/') {
      response.writeHead(200, { 'docker-distribution-api-version': 'registry/2.0', 'content-type': 'application/json' }).end('{}');
      return;
    }
    if (path === '/acr/v1/_catalog') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"repositories":["a/b"]}');
      return;
    }
    const [, kind, name] = /^\/v2\/a\/b\/(manifests|blobs)\/(.+)$/.exec(path) ?? [];
    if (kind !== undefined) {
      if (hook(request, response, name)) return;
      const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
      const { type, body } = images.get(name);
      const part = range ? body.subarray(Number(range[1]), Number(range[2]) + 1) : body;
      response.writeHead(range ? 206 : 200, { 'content-type': type, 'content-length': part.length, ...(range && { 'content-range': `bytes ${range[1]}-${range[2]}/${body.length}` }) }).end(part);
      return;
    }
    try {
      const file = path.endsWith('/') ? `${path}index.html` : path;
      const body = readFileSync(join(root, file));
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-security-policy': POLICY + connect }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => { server.close(); server.closeAllConnections(); });
  return `http://127.0.0.1:${server.address().port}/`;
}

/** A page of Chromium; ends with the test. */
export async function openPage(t) {
  const browser = await chromium.launch({
    executablePath: process.env.PORTOLAN_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  t.after(() => browser.close());
  return { browser, page: await browser.newPage() };
}

/** Loads a page in Chromium and checks what the app left behind. Nothing may be complained of but `complaints`. */
export async function loads(t, address, expected = EXPECTED, { complaints: expectedly = /^$/ } = {}) {
  const { page } = await openPage(t);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()); });
  await page.goto(address);
  const outcome = await page.waitForFunction(() => globalThis.outcome, undefined, { timeout: 20_000 }).then((handle) => handle.jsonValue(), () => undefined);
  assert.deepEqual({ outcome, complaints: complaints.filter((text) => !expectedly.test(text)) }, { outcome: expected, complaints: [] });
}

export const EXPECTED = {
  repository: 'library/alpine', apiVersion: 'registry/2.0', refused: 'InvalidReference',
  listed: ['issue,motd', 'hello', 'Debian', true, 'ready match,ready match'], cached: true,
  azure: ['a/b', 0x1f, 0x8b, 'Dockerfile'],
};
