import { asError, misuse } from '../error.js';
import { load } from './init.js';
import type { ContextFile, PackedContext } from './types.js';

/**
 * Packs files as `az acr build` does: less what the context's `.dockerignore` leaves out, the Dockerfile once more at the end under a
 * name of its own.
 */
export async function packContext(files: Iterable<ContextFile> | AsyncIterable<ContextFile>, dockerfile = 'Dockerfile'): Promise<PackedContext> {
  const module = await load();
  const all = new Map<string, { data: Uint8Array; mode: number }>();
  for await (const { path, data, mode = 0o644 } of files) {
    all.set(path, { data: typeof data === 'string' ? new TextEncoder().encode(data) : data, mode });
  }
  const own = all.get(dockerfile);
  if (!own) throw misuse(`there is no ${dockerfile} in the context`);
  const pieces: Uint8Array[] = [];
  const name = module.ContextTar.dockerfileName(random(), dockerfile);
  const ignore = new module.ContextIgnore(all.get('.dockerignore')?.data);
  const tar = new module.ContextTar();
  try {
    for (const [path, { data, mode }] of [...all].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (ignore.includes(path, false)) pieces.push(tar.file(path, mode, data));
    }
    pieces.push(tar.file(name, own.mode, own.data), tar.finish());
  } catch (thrown) {
    throw asError(thrown);
  } finally {
    tar.free();
    ignore.free();
  }
  return { archive: await gzip(pieces), dockerfile: name };
}

function random(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function gzip(pieces: Uint8Array[]): Promise<Uint8Array> {
  const stream = new Blob(pieces as Uint8Array<ArrayBuffer>[]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
