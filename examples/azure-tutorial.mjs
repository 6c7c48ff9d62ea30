// Microsoft's Azure Container Registry tutorials, from the first command to the last, with the npm package in place of `az`: what
// azure_tutorial.rs does, and with the same output.
//
// Against the emulator:
//
//   portolan emulate --info info.json
//   node examples/azure-tutorial.mjs --info info.json
//
// Against Azure, which costs money: AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET and AZURE_SUBSCRIPTION_ID in the
// environment, and the name of a registry that is nobody's yet as `--registry NAME`.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
// Outside of this repository: 'portolan' and 'portolan/azure'.
import { Registry } from '../pkg/dist/node.js';
import { Acr, Arm, packContext } from '../pkg/dist/azure/node.js';

const { values: args } = parseArgs({ options: { info: { type: 'string' }, registry: { type: 'string', default: 'mycontainerregistry' } } });
const info = args.info && JSON.parse(readFileSync(args.info, 'utf8'));
trust(info?.ca_certificate);

const place = info ? emulator(info) : azure(process.env);
const arm = new Arm({ cloud: place.cloud, subscription: place.subscription, identity: place.identity });
const group = arm.group('tutorial');
const registry = group.registry(args.registry);
const [repository, tag] = ['acrtasks', 'v1'];
const yes = (value) => (value ? 'true' : 'false');

// 1. az group create. 2. az acr create --sku Premium
const made = await group.create('eastus');
console.log(`1 group ${made.name}: ${made.provisioningState}`);
const { loginServer, sku, provisioningState, adminUserEnabled } = await registry.create('eastus', { sku: 'Premium' });
console.log(`2 registry: ${sku} ${provisioningState} admin=${yes(adminUserEnabled)}`);
for (const { name, limit, unit } of await registry.usages()) {
  if (name === 'Size' || name === 'Webhooks') console.log(`2 usage ${name}: ${limit ?? 0} ${unit}`);
}

// 3. az acr build --image acrtasks:v1 .
const { archive, dockerfile } = await packContext([
  { path: 'hello', data: 'Hello from a quick build\n' },
  { path: 'Dockerfile', data: 'FROM scratch\nCOPY hello /hello\nCMD ["/hello"]\n' },
]);
const source = await registry.upload(archive);
const { runId } = await registry.schedule({ source, dockerfile, images: [`${repository}:${tag}`] });
const log = await registry.log(runId);
let lines = 0;
for await (const line of log) lines += line.length >= 0 ? 1 : 0;
console.log(`3 log: some lines=${yes(lines > 0)} outcome=${log.outcome}`);
const run = await registry.wait(runId);
console.log(`3 run: ${run.status} images=${run.images.length}`);

// 4. az acr repository list
const address = `https://${loginServer}`;
const acr = new Acr(address, { cloud: place.cloud, identity: place.identity });
const exchanged = await acr.refreshToken();
for await (const { items } of new Registry(address, { credential: exchanged }).repositories().pages()) {
  console.log(`4 repositories: ${items.join(' ')}`);
}

// 5. az acr update --admin-enabled true, az acr credential show
const off = await registry.credentials().then(() => false, () => true);
const updated = await registry.update({ adminUserEnabled: true });
const before = await registry.credentials();
const after = await registry.regenerate('password2');
const changed = before.passwords.map(({ value }, at) => value !== after.passwords[at].value);
console.log(`5 admin: refused before=${yes(off)} enabled=${yes(updated.adminUserEnabled)} changed=[${changed.map(yes).join(', ')}]`);
const admin = { username: after.username, password: after.passwords[0].value };

// 6. Pulls as everybody who may, and as nobody
const digests = [
  await pullAs('admin', admin),
  await pullAs('service principal', { username: place.identity.clientId, password: place.identity.clientSecret }),
  await pullAs('scoped token', await scopedToken()),
  await pullAs('Entra token', exchanged),
];
console.log(`6 one image: ${yes(digests.every((digest) => digest === digests[0]))}`);
const nobody = await new Registry(address).manifest(repository, tag).then(() => 'pulled', (error) => error.kind);
console.log(`6 nobody: ${nobody}`);

// What ACR knows beside the distribution API: attributes, locks, order
const locked = ({ attributes: { deleteEnabled, writeEnabled } }) => !(deleteEnabled && writeEnabled);
let tags = 0;
for await (const { items } of acr.tags(repository, { order: 'newest' }).pages()) tags += items.length;
const lock = await acr.updateTag(repository, tag, { deleteEnabled: false, writeEnabled: false });
const refused = await acr.untag(repository, tag).then(() => false, () => true);
const unlocked = await acr.updateTag(repository, tag, { deleteEnabled: true, writeEnabled: true });
console.log(`6 tags: ${tags} lock=${yes(locked(lock))} refused=${yes(refused)} locked after=${yes(locked(unlocked))}`);

// 7. az container create, and its address
const image = `${loginServer}/${repository}:${tag}`;
const container = await group.container('acr-tasks').create({ image, location: 'eastus', ...admin });
console.log(`7 container ${container.name}: ${container.provisioningState} address=${yes(container.ip)}`);

// 8. az acr replication create --location japaneast, and its status until it is ready
const replication = await registry.replicate('japaneast');
console.log(`8 replication ${replication.name}: ${replication.provisioningState}`);
while ((await registry.replication('japaneast')).displayStatus !== 'Ready') await sleep(500);
for await (const { name, provisioningState: state, displayStatus = '', regionEndpointEnabled } of registry.replications()) {
  console.log(`8 ${name} ${state} ${displayStatus} ${yes(regionEndpointEnabled)}`);
}

// 9. az group delete
console.log(`9 deleted: ${yes(await group.delete())}`);
const gone = await registry.show().then(() => false, ({ kind }) => kind === 'NotFound');
console.log(`9 registry gone: ${yes(gone)}`);

async function pullAs(name, credential) {
  const registry = new Registry(address, { credential });
  const { layers, manifest } = await registry.image(repository, tag);
  let bytes = 0;
  for (const { digest, size } of layers) {
    for await (const chunk of await registry.blob(repository, digest, { size })) bytes += chunk.byteLength;
  }
  console.log(`6 pull as ${name}: some bytes=${yes(bytes > 0)}`);
  return manifest.digest;
}

async function scopedToken() {
  await registry.createScopeMap('readers', [`repositories/${repository}/content/read`]);
  await registry.createToken('reader', 'readers');
  const { username, passwords: [{ value }] } = await registry.generateToken('reader');
  return { username, password: value };
}

function emulator({ arm, authority, subscription, tenant, service_principals: [{ client_id: clientId, client_secret: clientSecret }] }) {
  return { cloud: { arm, authority }, subscription, identity: { tenant, clientId, clientSecret } };
}

function azure({ AZURE_SUBSCRIPTION_ID: subscription, AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret }) {
  if (!subscription || !tenant || !clientId || !clientSecret) throw new Error('neither --info nor AZURE_... in the environment');
  return { cloud: 'public', subscription, identity: { tenant, clientId, clientSecret } };
}

/** Node reads certificates when it starts, and at no other time. */
function trust(certificate) {
  if (!certificate || process.env.NODE_EXTRA_CA_CERTS === certificate) return;
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: certificate };
  const { status } = spawnSync(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' });
  process.exit(status ?? 1);
}
