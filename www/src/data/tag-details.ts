import { imageFacts, opaqueFacts, type TagFacts } from '../analysis/tag-facts';
import { openImage } from './images';
import type { Detail } from './queue';
import type { RegistryEntry } from './session';

/** What was read of the tags of repositories, kept so that going back is instant. */
const kept = new Map<string, Map<string, Detail<TagFacts>>>();

export type TagDetails = Map<string, Detail<TagFacts>>;

/** What is known of the tags of a repository, of the platform that was chosen (empty: the registry's first). */
export function tagDetails(entry: RegistryEntry, repository: string, platform = ''): TagDetails {
  const key = `${entry.id}/${repository}#${platform}`;
  const known = kept.get(key);
  if (known) return known;
  const created: TagDetails = new Map();
  kept.set(key, created);
  return created;
}

export async function readFacts(entry: RegistryEntry, repository: string, tag: string, platform: string, signal: AbortSignal): Promise<TagFacts> {
  const opened = await openImage(entry, repository, tag, platform, signal);
  return opened.kind === 'image' ? imageFacts(opened.image) : opaqueFacts(opened.manifest);
}
