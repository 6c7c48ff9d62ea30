import type { Image, Manifest } from 'portolan';
import { client, type RegistryEntry } from './session';

/** What a reference names: an image (artifacts of that shape included), or a manifest that is none. */
export type Opened = { kind: 'image'; image: Image } | { kind: 'opaque'; manifest: Manifest };

/** How many images by digest are kept; by digest they can never be stale. */
const KEPT = 200;
const byDigest = new Map<string, Opened>();

/** Reads an image. What was read by digest before is not asked for again. */
export async function openImage(
  entry: RegistryEntry, repository: string, reference: string, platform: string, signal: AbortSignal,
): Promise<Opened> {
  const key = `${entry.id}/${repository}@${reference}#${platform}`;
  const known = byDigest.get(key);
  if (known) return known;
  const opened = await read(entry, repository, reference, platform, signal);
  if (reference.includes(':')) keep(key, opened);
  return opened;
}

async function read(
  entry: RegistryEntry, repository: string, reference: string, platform: string, signal: AbortSignal,
): Promise<Opened> {
  const registry = await client(entry);
  try {
    return { kind: 'image', image: await registry.image(repository, reference, { signal, platform: platform || undefined }) };
  } catch (error) {
    // No image, but perhaps a manifest that can still be shown as the document it is.
    const kind = (error as { kind?: string }).kind;
    if (kind !== 'Unsupported') throw error;
    return { kind: 'opaque', manifest: await registry.manifest(repository, reference, { signal }) };
  }
}

function keep(key: string, opened: Opened): void {
  byDigest.set(key, opened);
  const oldest = byDigest.keys().next().value;
  if (byDigest.size > KEPT && oldest !== undefined) byDigest.delete(oldest);
}
