import type { Descriptor, Image, Platform } from 'portolan';

/** `linux/arm64/v8`, as commands and addresses write it. */
export function platformText(platform: Platform): string {
  const text = `${platform.os}/${platform.architecture}`;
  return platform.variant ? `${text}/${platform.variant}` : text;
}

/** What the entries of an index are for. BuildKit stores attestations beside images, as platform `unknown/unknown`. */
export interface IndexEntries { images: Descriptor[]; attestations: Descriptor[]; others: Descriptor[] }

export function sortEntries(entries: readonly Descriptor[]): IndexEntries {
  const sorted: IndexEntries = { images: [], attestations: [], others: [] };
  for (const entry of entries) {
    if (isAttestation(entry)) sorted.attestations.push(entry);
    else if (entry.platform) sorted.images.push(entry);
    else sorted.others.push(entry);
  }
  return sorted;
}

function isAttestation(entry: Descriptor): boolean {
  return entry.annotations['vnd.docker.reference.type'] === 'attestation-manifest'
    || (entry.platform?.os === 'unknown' && entry.platform.architecture === 'unknown');
}

/** The platforms an image reference offers: those of its index, or the one of its config. */
export function imagePlatforms(image: Image): string[] {
  if (image.index) return [...new Set(sortEntries(image.index.manifests).images.map((entry) => platformText(entry.platform as Platform)))];
  const { config } = image;
  if (!config?.os || !config.architecture) return [];
  return [platformText({ os: config.os, architecture: config.architecture, variant: config.variant })];
}

/** The digest that the reference itself names: the index where there is one. */
export function referenceDigest(image: Image): string {
  return image.index?.digest ?? image.manifest.digest;
}
