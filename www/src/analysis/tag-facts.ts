import type { Image, Manifest } from 'portolan';
import { parseCommand, type CommandKind } from './command';
import { imagePlatforms, referenceDigest } from './platforms';

/** What a row of the list of tags shows. */
export interface TagFacts {
  digest: string;
  platforms: string[];
  /** Compressed bytes of the platform shown; undefined for what is no image. */
  size?: bigint;
  created?: string;
  layers: { size: bigint; kind: CommandKind; digest: string }[];
  /** The platform's own manifest, by which an image is the same whatever index it is in. */
  manifest: string;
  /** Said instead of platforms where the manifest is no image. */
  artifact?: string;
}

export function imageFacts(image: Image): TagFacts {
  const { config, layers, size } = image;
  return {
    digest: referenceDigest(image), platforms: imagePlatforms(image), size, created: config?.created ?? image.manifest.annotations[CREATED],
    manifest: image.manifest.digest,
    layers: layers.map((layer, index) => ({ size: layer.size, digest: layer.digest, kind: index === 0 && config ? 'base' : parseCommand(layer.command).kind })),
    artifact: artifactType(image),
  };
}

/** What an image without an image config says it is; undefined for images that run. */
export function artifactType({ config, manifest }: Image): string | undefined {
  return config ? undefined : manifest.artifactType ?? manifest.config.mediaType;
}

export function opaqueFacts(manifest: Manifest): TagFacts {
  return { digest: manifest.digest, manifest: manifest.digest, platforms: [], layers: [], artifact: manifest.artifactType ?? manifest.mediaType };
}

const CREATED = 'org.opencontainers.image.created';
