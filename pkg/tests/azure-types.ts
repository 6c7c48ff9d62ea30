// What users' code may rely on of `portolan/azure`: compiled, never run.
import { Acr, Arm, initAzure, packContext, signIn } from 'portolan/azure';
import type { AcrTag, Identity, RecordPage, RegistryRecord, Replication, Run, RunOutcome } from 'portolan/azure';
import { Registry } from 'portolan';

function same<T>(value: T): T {
  return value;
}

export async function manage(signal: AbortSignal, clientSecret: string): Promise<void> {
  await initAzure();
  const identity: Identity = { tenant: 'contoso.example', clientId: 'app', clientSecret };
  const arm = new Arm({ subscription: 'id', identity, cloud: 'china', limits: { pages: 10 } });
  const registry = arm.group('g').registry('mycontainerregistry');
  same<RegistryRecord>(await registry.create('eastus', { sku: 'Premium' }, { signal }));
  for await (const replication of registry.replications()) same<Replication>(replication);
  for await (const page of registry.replications().pages()) same<RecordPage<Replication>>(page);
  same<void>(await registry.import({ from: { host: 'docker.io' }, image: 'library/debian:trixie', tags: ['debian:trixie'] }, { signal }));
  // @ts-expect-error a source is a registry of Azure or a host
  await registry.import({ from: {}, image: 'a:1' });
  same<boolean>(await registry.delete());

  const { archive, dockerfile } = await packContext([{ path: 'Dockerfile', data: 'FROM scratch' }]);
  const source = await registry.upload(archive, { signal });
  same<Run>(await registry.schedule({ source, dockerfile, images: ['app:v1'] }));
  const log = await registry.log('cf1');
  for await (const line of log) same<string>(line);
  same<RunOutcome | undefined>(log.outcome);
}

export async function read(identity: Identity): Promise<void> {
  const acr = new Acr('https://registry.example', { identity });
  for await (const tag of acr.tags('a/b', { order: 'newest' })) same<AcrTag>(tag);
  new Registry(acr.url, { credential: await acr.refreshToken() });
  const user = await signIn({ tenant: 'organizations', clientId: 'app', show: ({ userCode }) => same<string>(userCode) });
  same<Identity>(user);
  // @ts-expect-error an identity is complete
  new Acr('https://registry.example', { identity: { tenant: 'x' } });
}
