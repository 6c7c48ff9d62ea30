// What users' code may rely on: compiled, never run. The package is imported by the name it is published under.
import { init, parseReference, PortolanError, Registry } from 'portolan';
import { initLayers, openFiles, planFiles } from 'portolan/layers';
import type { Comparison, FileContent, FileRow, FilesPlan, ImageFiles, OpenFiles, PlanFiles } from 'portolan/layers';
import type { Credential, Diagnosis, ErrorKind, Image, Listing, Manifest, Page } from 'portolan';

function same<T>(value: T): T {
  return value;
}

export async function calls(signal: AbortSignal, credential: Credential | undefined): Promise<void> {
  await init();
  await init(new URL('https://cdn.example/portolan_bg.wasm'));
  await init(fetch('portolan_bg.wasm'));
  const registry = new Registry(new URL('https://registry.example'), { credential, limits: { pages: 10 } });

  const listing: Listing = registry.repositories({ signal, pageSize: 100 });
  for await (const name of listing) same<string>(name);
  for await (const page of registry.tags('a/b').pages()) same<Page>(page);

  const image: Image = await registry.image('a/b', 'latest', { platform: undefined, signal });
  same<bigint>(image.size);
  same<string | undefined>(image.layers[0]?.command);

  const stream = await registry.blob('a/b', image.manifest.digest, { size: 1n, onProgress: ({ received }) => same<bigint>(received) });
  same<ReadableStream<Uint8Array>>(stream);
  new Response(stream);

  const manifest: Manifest = await registry.manifest('a/b', 'latest');
  if (manifest.kind === 'index') same<bigint | undefined>(manifest.manifests[0]?.size);
  // @ts-expect-error: only an image has layers
  manifest.layers;
  // @ts-expect-error: sizes are bigint
  await registry.blob('a/b', 'sha256:x', { size: 1 });
  // @ts-expect-error: a credential is one of three things
  new Registry('https://registry.example', { credential: { username: 'me' } });

  const diagnosis: Diagnosis = await registry.diagnose();
  same<ErrorKind | undefined>(diagnosis.error?.kind);
  same<string | undefined>(parseReference('alpine').tag);
}

export async function files(registry: Registry, image: Image, signal: AbortSignal): Promise<void> {
  initLayers({ worker: () => new Worker('worker.js', { type: 'module' }), wasm: new URL('https://cdn.example/portolan_layers_bg.wasm'), moreWasm: new URL('https://cdn.example/portolan_layers_more_bg.wasm'), extraWasm: new Uint8Array() });
  same<OpenFiles>(openFiles);
  same<PlanFiles>(planFiles);
  same<FilesPlan>(await planFiles(registry, 'a/b', image));
  const files: ImageFiles = await openFiles(registry, 'a/b', image, { signal, identity: undefined, onProgress: ({ received, layers }) => same<number>(received + layers.length) });
  const row: FileRow | undefined = await files.stat('etc/passwd');
  same<number | undefined>((await files.list(row?.id ?? 0, { sort: '-size', types: ['file'] })).rows[0]?.size);
  const content: FileContent = await files.read('etc/passwd', { limit: 1024 });
  new Blob([content.bytes]);
  same<Comparison>(await files.compare(files, { kinds: ['added'] }));
  // @ts-expect-error: an order that does not exist
  await files.search('x', { sort: 'age' });
  const stretch = await registry.blobRange('a/b', image.manifest.digest, { size: 10n, offset: 2n, length: 3n });
  same<ReadableStream<Uint8Array>>(stretch);
  files.close();
}

export function caught(error: unknown): ErrorKind | undefined {
  return error instanceof PortolanError ? error.kind : undefined;
}
