/** Starts the real server: `PORTOLAN_BIN serve`, with the portal from `PORTOLAN_ASSETS`. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { PORTOLAN_BIN, PORTOLAN_ASSETS = fileURLToPath(new URL('../../dist', import.meta.url)) } = process.env;

/** A reason to skip, or false. */
export const noServer = PORTOLAN_BIN ? false : 'PORTOLAN_BIN names no server to test against';

/** `{ url, username?, password? }` from the file that a variable names; undefined where it is not set. */
export async function testInfo(kind) {
  const file = process.env[`PORTOLAN_TEST_INFO_${kind}`];
  return file ? JSON.parse(await readFile(file, 'utf8')) : undefined;
}

/** Serves `registries` (`[{ name, url, direct?, realm?, username?, password? }]`). Resolves to `{ url, close }`. */
export async function startPortal(registries) {
  const config = await mkdtemp(join(tmpdir(), 'portolan-docker-'));
  const auths = {};
  for (const { url, username, password } of registries) {
    if (username) auths[new URL(url).host] = { auth: Buffer.from(`${username}:${password}`).toString('base64') };
  }
  await writeFile(join(config, 'config.json'), JSON.stringify({ auths }));
  const portal = join(config, 'portal.json');
  await writeFile(portal, JSON.stringify({
    registries: registries.map(({ name, url, direct, realm }) => ({ name, url, mode: direct ? 'direct' : 'relay', trustedRealms: realm ? [realm] : [] })),
  }));
  const child = spawn(PORTOLAN_BIN, ['serve', '--listen', '127.0.0.1:0', '--assets', PORTOLAN_ASSETS, '--config', portal], {
    env: { ...process.env, DOCKER_CONFIG: config, REGISTRY_AUTH_FILE: '' }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  const close = async () => {
    const ended = child.exitCode !== null || new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    await rm(config, { recursive: true, force: true });
  };
  try {
    return { url: await announced(child), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function announced(child) {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`the server did not say its address: ${text}`)), 20_000);
    const read = (chunk) => {
      text += chunk;
      const found = /Portal: (http:\/\/[^\s/]+)/.exec(text);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[1]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
  });
}
