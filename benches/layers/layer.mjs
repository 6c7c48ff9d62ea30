// A layer of files of this system: an archive by GNU tar, as `gzip -6` packs it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FOLDERS = ['/usr/bin', '/usr/include', '/usr/lib', '/usr/share'];

/** Makes a layer of about `mib` MiB uncompressed, or takes the one that was made before. */
export function makeLayer(mib) {
  const folder = join(tmpdir(), 'portolan-bench');
  const path = join(folder, `layer-${mib}.tar`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(`${path}.gz`)) {
    writeFileSync(`${path}.list`, chosen(mib * 1024 * 1024).join('\n'));
    execFileSync('tar', ['--create', '--file', path, '--directory', '/', '--no-recursion', '--files-from', `${path}.list`]);
    execFileSync('gzip', ['-6', '--keep', '--force', path]);
  }
  const bytes = readFileSync(`${path}.gz`);
  return { path: `${path}.gz`, bytes, size: bytes.length, unpacked: statSync(path).size, digest: sha256(bytes), diffId: sha256(readFileSync(path)) };
}

/** Files from all folders in turn, until they are enough. */
function chosen(limit) {
  const lists = FOLDERS.filter(existsSync).map((folder) => execFileSync('find', [folder, '-xdev', '-type', 'f', '-size', '-8M', '-printf', '%s %P\n'], { encoding: 'utf8', maxBuffer: 1 << 30 })
    .trim().split('\n').sort().map((line) => [Number(line.slice(0, line.indexOf(' '))), `${folder.slice(1)}/${line.slice(line.indexOf(' ') + 1)}`]));
  const paths = [];
  let sum = 0;
  for (let at = 0; sum < limit && lists.some((list) => at < list.length); at += 1) {
    for (const [size, path] of lists.flatMap((list) => list.slice(at, at + 1))) {
      paths.push(path);
      sum += size;
    }
  }
  return paths;
}

function sha256(bytes) {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
