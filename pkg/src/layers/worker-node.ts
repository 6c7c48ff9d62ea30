// The worker, as Node runs it: `fetch` reads no files there, and its own sha256 is several times as fast.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type MessagePort as NodePort, parentPort } from 'node:worker_threads';
import start from '../../wasm/portolan_layers.js';
import startExtra from '../../wasm/portolan_layers_extra.js';
import join from '../../wasm/portolan_layers_more.js';
import type { Hash } from './hashing.js';
import type { Port } from './job.js';
import type { ModuleSource } from './protocol.js';
import { serve } from './serve.js';

if (parentPort) serve(port(parentPort), { load, loadMore, loadExtra, hash, port: (peer) => port(peer as unknown as NodePort) });

async function load(source: ModuleSource): Promise<void> {
  await start({ module_or_path: await read(source ?? new URL('../../wasm/portolan_layers_bg.wasm', import.meta.url).href) });
}

async function loadMore(source: ModuleSource): Promise<void> {
  await join(await start(), await read(source ?? new URL('../../wasm/portolan_layers_more_bg.wasm', import.meta.url).href));
}

async function loadExtra(source: ModuleSource): Promise<void> {
  await startExtra({ module_or_path: await read(source ?? new URL('../../wasm/portolan_layers_extra_bg.wasm', import.meta.url).href) });
}

async function read(source: NonNullable<ModuleSource>): Promise<NonNullable<ModuleSource>> {
  return typeof source === 'string' && source.startsWith('file:') ? readFile(new URL(source)) : source;
}

function hash(): Hash {
  const hash = createHash('sha256');
  return { update: (bytes) => { hash.update(bytes); }, finish: () => `sha256:${hash.digest('hex')}` };
}

function port(inner: NodePort): Port {
  return {
    post: (message, transfer = []) => inner.postMessage(message, transfer as Parameters<NodePort['postMessage']>[1]),
    listen: (listen) => { inner.on('message', listen); },
  };
}
