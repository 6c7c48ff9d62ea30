import type { Descriptor } from 'portolan';
import { client, type RegistryEntry } from './session';

/** The largest file that the tab reads into memory to save it, bytes. */
export const FILE_LIMIT = 64n * 1024n * 1024n;

/** All bytes of a blob. The SDK checks size and digest at the end: nothing is given out before. */
export async function readFile(entry: RegistryEntry, repository: string, { digest, size }: Descriptor): Promise<BlobPart[]> {
  const registry = await client(entry);
  const reader = (await registry.blob(repository, digest, { size })).getReader();
  const parts: BlobPart[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parts;
    parts.push(value as BlobPart);
  }
}
