// The packed tarball, as npm would publish it, before publint and "are the types wrong".
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'portolan-lint-'));

try {
  const [{ filename, files }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: PACKAGE, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  const tarball = join(folder, filename);
  checkFiles(files.map(({ path }) => path));
  checkScripts(JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')));
  run('publint', ['run', tarball, '--strict']);
  run('attw', [tarball, '--profile', 'esm-only', '--exclude-entrypoints', './portolan_bg.wasm', './portolan_layers_bg.wasm', './portolan_layers_more_bg.wasm', './portolan_layers_extra_bg.wasm', './portolan_azure_bg.wasm']);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What was built is there, and nothing but what the package is made of. */
function checkFiles(paths) {
  const layers = ['index.js', 'index.d.ts', 'node.js', 'worker.js', 'worker-node.js'].map((file) => `dist/layers/${file}`);
  const azure = ['index.js', 'index.d.ts', 'node.js'].map((file) => `dist/azure/${file}`);
  const modules = ['portolan', 'portolan_layers', 'portolan_layers_more', 'portolan_layers_extra', 'portolan_azure'].flatMap((name) => [`wasm/${name}.js`, `wasm/${name}_bg.wasm`]);
  for (const needed of ['dist/index.js', 'dist/index.d.ts', 'dist/node.js', 'README.md', ...layers, ...azure, ...modules]) {
    assert.ok(paths.includes(needed), `${needed} is not in the package`);
  }
  const known = /^(dist\/((layers|azure)\/)?[\w.-]+\.(js|d\.ts)|wasm\/portolan(_layers|_layers_more|_layers_extra|_azure)?(\.js|_bg\.wasm)|README\.md|LICENSE|package\.json)$/;
  assert.deepEqual(paths.filter((path) => !known.test(path)), []);
}

/** Installing the package runs nothing (row C02). */
function checkScripts({ scripts, dependencies }) {
  assert.deepEqual(Object.keys(scripts).filter((name) => /install|prepare/.test(name)), []);
  assert.equal(dependencies, undefined);
}

function run(program, args) {
  execFileSync(join(PACKAGE, 'node_modules/.bin', program), args, { stdio: 'inherit' });
}
