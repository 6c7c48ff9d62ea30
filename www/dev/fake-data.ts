import type { Descriptor, HistoryEntry, Image, ImageConfig, ImageIndex, ImageManifest, Layer, Platform } from '../../pkg/src/types';

const OCI = 'application/vnd.oci.image';
const MIB = 1024 * 1024;

/** A digest that is none: 64 hexadecimal characters that depend on the seed alone. */
export function fakeDigest(seed: string): string {
  let text = '';
  for (let part = 0; part < 8; part += 1) text += number(`${seed}/${part}`).toString(16).padStart(8, '0');
  return `sha256:${text}`;
}

/** 32 bits that depend on the seed alone. */
export function number(seed: string): number {
  let value = 2166136261;
  for (const character of seed) value = Math.imul(value ^ character.charCodeAt(0), 16777619);
  value = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  value = Math.imul(value ^ (value >>> 15), 0x846ca68b);
  return (value ^ (value >>> 16)) >>> 0;
}

const STEPS: readonly { by: string; mib?: number; empty?: boolean }[] = [
  { by: '/bin/sh -c #(nop) ADD file:6a9f… in / ', mib: 28.2 },
  { by: '/bin/sh -c #(nop)  CMD ["bash"]', empty: true },
  { by: 'ENV LANG=C.UTF-8 PYTHON_VERSION=3.12.4', empty: true },
  { by: 'RUN /bin/sh -c set -eux; apt-get update && apt-get install -y --no-install-recommends ca-certificates curl libpq5 netbase tzdata && rm -rf /var/lib/apt/lists/* # buildkit', mib: 61.7 },
  { by: 'RUN /bin/sh -c curl -fsSL "https://dist.example/python-${PYTHON_VERSION}.tar.xz" -o python.tar.xz && echo "$SHA256 *python.tar.xz" | sha256sum -c - && mkdir -p /usr/src/python && tar -xJf python.tar.xz -C /usr/src/python --strip-components=1 && (cd /usr/src/python; ./configure --enable-optimizations && make -j "$(nproc)" && make install) && rm -rf /usr/src/python python.tar.xz # buildkit', mib: 18.4 },
  { by: 'WORKDIR /srv/app', mib: 0.0001 },
  { by: 'COPY requirements.txt . # buildkit', mib: 0.0011 },
  { by: 'RUN /bin/sh -c pip install --no-cache-dir -r requirements.txt # buildkit', mib: 143.5 },
  { by: 'COPY --chown=1000:1000 src/ /srv/app/ # buildkit', mib: 3.9 },
  { by: 'ADD https://static.example/models/ranker-v4.bin /srv/app/models/ # buildkit', mib: 24.8 },
  { by: 'RUN /bin/sh -c python -m compileall -q /srv/app && python manage.py collectstatic --noinput # buildkit', mib: 9.2 },
  { by: 'LABEL org.opencontainers.image.source=https://git.example/team/storefront', empty: true },
  { by: 'EXPOSE map[8000/tcp:{}]', empty: true },
  { by: 'USER 1000:1000', empty: true },
  { by: 'ENTRYPOINT ["python" "-m" "storefront"]', empty: true },
];

export const PLATFORMS: readonly Platform[] = [
  { os: 'linux', architecture: 'amd64' },
  { os: 'linux', architecture: 'arm64', variant: 'v8' },
  { os: 'linux', architecture: 's390x' },
];

export function describe(seed: string, mediaType: string, size: number, more: Partial<Descriptor> = {}): Descriptor {
  return { mediaType, digest: fakeDigest(seed), size: BigInt(Math.round(size)), annotations: {}, urls: [], ...more };
}

/** One platform of a believable image; the same seed gives the same image. */
export function fakeImage(seed: string, platform: Platform, index?: ImageIndex): Image {
  const grow = 0.7 + (number(`${seed}/grow`) % 700) / 1000 + (platform.architecture === 'arm64' ? 0.06 : 0);
  const made = new Date(Date.UTC(2026, 9, 1) + (number(`${seed}/day`) % 50) * 86_400_000).toISOString();
  const layers: Layer[] = [];
  const history: HistoryEntry[] = STEPS.map((step, at) => {
    if (!step.empty) {
      const shared = at < 5 ? `base/${platform.architecture}/${at}` : `${seed}/${platform.architecture}/${at}`;
      const size = Math.max(93, (step.mib ?? 0) * MIB * (at < 5 ? 1 : grow)) + (number(shared) % 1000);
      layers.push({ ...describe(shared, `${OCI}.layer.v1.tar+gzip`, size), diffId: fakeDigest(`${shared}/diff`), command: step.by, created: made });
    }
    return { createdBy: step.by, created: made, emptyLayer: step.empty ?? false, comment: at > 1 ? 'buildkit.dockerfile.v0' : undefined };
  });
  const config = fakeConfig(seed, platform, made, history, layers);
  const descriptor = describe(`${seed}/${platform.architecture}/config`, `${OCI}.config.v1+json`, config.bytes.length);
  const manifest = fakeManifest(`${seed}/${platform.architecture}`, descriptor, layers, { 'org.opencontainers.image.created': made });
  const size = layers.reduce((sum, layer) => sum + layer.size, 0n);
  return { manifest, index, platform, config: { ...config, digest: descriptor.digest }, layers, historyMatches: true, size };
}

export function fakeManifest(seed: string, config: Descriptor, layers: Descriptor[], annotations: Record<string, string>, artifactType?: string): ImageManifest {
  const bytes = encode({
    schemaVersion: 2, mediaType: `${OCI}.manifest.v1+json`, artifactType, config: wire(config), layers: layers.map(wire), annotations,
  });
  return {
    kind: 'image', digest: fakeDigest(`${seed}/manifest`), mediaType: `${OCI}.manifest.v1+json`, size: BigInt(bytes.length),
    artifactType, annotations, bytes, moved: false, config, layers,
  };
}

export function fakeIndex(seed: string): ImageIndex {
  const manifests: Descriptor[] = PLATFORMS.map((platform) => {
    const { manifest } = fakeImage(seed, platform);
    return { mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.size, platform, annotations: {}, urls: [] };
  });
  manifests.push(describe(`${seed}/attestation`, `${OCI}.manifest.v1+json`, 841, {
    platform: { os: 'unknown', architecture: 'unknown' },
    annotations: { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': manifests[0]?.digest ?? '' },
  }));
  const bytes = encode({ schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests: manifests.map(wire) });
  return {
    kind: 'index', digest: fakeDigest(`${seed}/index`), mediaType: `${OCI}.index.v1+json`, size: BigInt(bytes.length),
    annotations: {}, bytes, moved: false, manifests,
  };
}

export function fakeReferrers(seed: string): Descriptor[] {
  const manifest = `${OCI}.manifest.v1+json`;
  const day = { 'org.opencontainers.image.created': '2026-11-02T09:12:44Z' };
  return [
    describe(`${seed}/sig`, manifest, 744, { artifactType: 'application/vnd.dev.cosign.artifact.sig.v1+json', annotations: day }),
    describe(`${seed}/notary`, manifest, 1021, { artifactType: 'application/vnd.cncf.notary.signature', annotations: day }),
    describe(`${seed}/spdx`, manifest, 912, { artifactType: 'application/spdx+json', annotations: { ...day, 'org.opencontainers.image.title': 'storefront.spdx.json' } }),
    describe(`${seed}/slsa`, manifest, 1204, { artifactType: 'application/vnd.in-toto+json', annotations: { ...day, predicateType: 'https://slsa.dev/provenance/v1' } }),
    describe(`${seed}/notes`, manifest, 655, { artifactType: 'application/vnd.example.release-notes', annotations: { 'org.opencontainers.image.url': 'https://git.example/releases/1', note: 'javascript:alert(1)' } }),
  ];
}

export function fakeArtifact(seed: string): Image {
  const type = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
  const layers: Layer[] = [
    describe(`${seed}/chart`, type, 48_211, { annotations: { 'org.opencontainers.image.title': 'storefront-4.2.0.tgz' } }),
    describe(`${seed}/prov`, 'application/vnd.cncf.helm.chart.provenance.v1.prov', 1_733, { annotations: { 'org.opencontainers.image.title': 'storefront-4.2.0.tgz.prov' } }),
  ];
  const config = describe(`${seed}/config`, 'application/vnd.cncf.helm.config.v1+json', 311);
  const annotations = { 'org.opencontainers.image.title': 'storefront', 'org.opencontainers.image.version': '4.2.0', 'org.opencontainers.image.url': 'https://charts.example/storefront' };
  const manifest = fakeManifest(seed, config, layers, annotations, 'application/vnd.cncf.helm.chart');
  return { manifest, layers, historyMatches: false, size: layers.reduce((sum, layer) => sum + layer.size, 0n) };
}

function fakeConfig(seed: string, platform: Platform, created: string, history: HistoryEntry[], layers: Layer[]): ImageConfig {
  const env = ['PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8', 'PYTHON_VERSION=3.12.4', 'DJANGO_SETTINGS_MODULE=storefront.settings'];
  const labels = {
    'org.opencontainers.image.source': 'https://git.example/team/storefront',
    'org.opencontainers.image.revision': fakeDigest(`${seed}/commit`).slice(7, 47),
    'org.opencontainers.image.licenses': 'Apache-2.0',
    'org.opencontainers.image.title': 'storefront',
  };
  const about = {
    architecture: platform.architecture, os: platform.os, variant: platform.variant, created, author: 'Build Farm <builds@example>',
    config: { User: '1000:1000', Env: env, Entrypoint: ['python', '-m', 'storefront'], Cmd: ['--port', '8000'], WorkingDir: '/srv/app', ExposedPorts: { '8000/tcp': {} }, Labels: labels, StopSignal: 'SIGTERM' },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    history: history.map((entry) => ({ created: entry.created, created_by: entry.createdBy, empty_layer: entry.emptyLayer || undefined })),
  };
  return {
    digest: '', architecture: platform.architecture, os: platform.os, variant: platform.variant, created, author: about.author,
    user: about.config.User, entrypoint: about.config.Entrypoint, cmd: about.config.Cmd, env, workingDir: about.config.WorkingDir,
    exposedPorts: ['8000/tcp'], volumes: [], labels, stopSignal: 'SIGTERM', diffIds: about.rootfs.diff_ids as string[], history, bytes: encode(about),
  };
}

function wire(descriptor: Descriptor): object {
  const { mediaType, digest, size, platform, annotations, artifactType } = descriptor;
  return { mediaType, digest, size: Number(size), platform, artifactType, annotations: Object.keys(annotations).length > 0 ? annotations : undefined };
}

export function encode(document: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(document));
}
