// Ours, as users have it.

/** Lists the layer with the package's modules; with `diffIds` the uncompressed bytes are hashed too. */
export async function list({ init, Registry, openFiles }, { registry, digest, size, diffId }, diffIds) {
  const descriptor = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size: BigInt(size), annotations: {}, urls: [] };
  const image = { manifest: { layers: [descriptor] }, config: { diffIds: [diffId] } };
  // It was needed for the image's manifest already.
  await init();
  const start = performance.now();
  let first = 0;
  const onProgress = ({ layers: [layer] }) => {
    if (layer.entries > 0) first ||= performance.now() - start;
  };
  const files = await openFiles(new Registry(registry), 'a/b', image, { cache: false, verifyDiffIds: diffIds, onProgress });
  const time = performance.now() - start;
  const [{ state, diffId: verdict, entries, error }] = files.layers;
  files.close();
  if (state !== 'ready' || (diffIds && verdict !== 'match')) throw new Error(`${state} ${verdict} ${error}`);
  return { entries, first, time };
}
