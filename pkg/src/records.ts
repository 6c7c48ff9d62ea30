import type { Descriptor, Image, ImageConfig, ImageIndex, ImageManifest, Layer, Manifest, ManifestHead, Referrers } from './types.js';

// Records as the module writes them: JSON with sizes as decimal strings, and bytes beside it.
type Sized<T> = Omit<T, 'size'> & { size: string };
type RawDescriptor = Sized<Descriptor>;
type RawLayer = Sized<Layer>;

interface ManifestRecord extends Omit<Sized<ImageManifest>, 'kind' | 'config' | 'layers' | 'subject' | 'bytes'> {
  kind: Manifest['kind'];
  subject?: RawDescriptor;
  config?: RawDescriptor;
  layers?: RawDescriptor[];
  manifests?: RawDescriptor[];
}

interface ImageRecord extends Omit<Sized<Image>, 'manifest' | 'index' | 'config' | 'layers'> {
  manifest: ManifestRecord;
  index?: ManifestRecord;
  config?: Omit<ImageConfig, 'bytes'>;
  layers: RawLayer[];
}

type Bytes = Uint8Array<ArrayBuffer>;
export type RawManifest = [record: string, bytes: Bytes];
export type RawImage = [record: string, manifest: Bytes, index: Bytes | undefined, config: Bytes | undefined];
export type RawReferrers = Omit<Referrers, 'referrers'> & { referrers: RawDescriptor[] };

function sized<T extends { size: string }>(record: T): Omit<T, 'size'> & { size: bigint } {
  return { ...record, size: BigInt(record.size) };
}

export function toHead(record: string): ManifestHead {
  return sized(JSON.parse(record) as Sized<ManifestHead>);
}

export function toManifest([record, bytes]: RawManifest): Manifest {
  return manifest(JSON.parse(record) as ManifestRecord, bytes);
}

export function toReferrers(record: RawReferrers): Referrers {
  return { ...record, referrers: record.referrers.map(sized) };
}

export function toImage([record, manifestBytes, indexBytes, configBytes]: RawImage): Image {
  const { manifest: own, index, config, layers, ...rest } = JSON.parse(record) as ImageRecord;
  const image: Image = { ...sized(rest), manifest: manifest(own, manifestBytes) as ImageManifest, layers: layers.map(sized) };
  if (index && indexBytes) image.index = manifest(index, indexBytes) as ImageIndex;
  if (config && configBytes) image.config = { ...config, bytes: configBytes };
  return image;
}

/** The module leaves out what a kind does not have. */
function manifest({ subject, config, layers, manifests, ...rest }: ManifestRecord, bytes: Bytes): Manifest {
  const record: Record<string, unknown> = { ...sized(rest), bytes };
  if (subject) record['subject'] = sized(subject);
  if (config) record['config'] = sized(config);
  if (layers) record['layers'] = layers.map(sized);
  if (manifests) record['manifests'] = manifests.map(sized);
  return record as unknown as Manifest;
}
