import { formatCount, plural } from './format';
import type { TagFacts } from './tag-facts';

/** Which layers of an image other tags have, too. */
export interface Sharing {
  /** Tags by digest of the layer: only of layers that are shared. */
  tags: ReadonlyMap<string, readonly string[]>;
  /** Tags that were looked at, those that are this very image left out. */
  looked: number;
  /** Tags that are this very image. */
  same: readonly string[];
}

/** From what is known of other tags. */
export function sharing(manifest: string, digests: readonly string[], known: Iterable<readonly [tag: string, facts: TagFacts]>): Sharing {
  const tags = new Map<string, string[]>();
  const ours = new Set(digests);
  const same: string[] = [];
  let looked = 0;
  for (const [tag, facts] of known) {
    if (facts.manifest === manifest) {
      same.push(tag);
      continue;
    }
    looked += 1;
    for (const digest of new Set(facts.layers.map((layer) => layer.digest))) {
      if (ours.has(digest)) tags.set(digest, [...tags.get(digest) ?? [], tag]);
    }
  }
  return { tags, looked, same };
}

/** `Shared with 3 of the 50 tags looked at`. */
export function sharedWith({ tags, looked }: Sharing, digest: string): string {
  const count = tags.get(digest)?.length ?? 0;
  const of = plural(looked, 'other tag');
  return count === 0 ? `In none of the ${of} looked at` : `Shared with ${formatCount(count)} of the ${of} looked at`;
}

/** Tags to look at: those around the image's own come first, since neighbours share most. */
export function nearestTags(names: readonly string[], tag: string | undefined, most: number): string[] {
  const at = tag === undefined ? -1 : names.indexOf(tag);
  const middle = at < 0 ? names.length - 1 : at;
  const start = Math.max(0, Math.min(middle - Math.floor(most / 2), names.length - most));
  return names.slice(start, start + most);
}
