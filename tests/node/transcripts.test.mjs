// Every transcript, through the package: the third driver beside the core and the native client.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { portolan } from './package.mjs';
import { Peer } from './peer.mjs';
import { list, play as playThrough } from './replay.mjs';
import { parse } from './script.mjs';

const { Registry } = portolan;
const folder = new URL('../transcripts/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));
assert.notEqual(files.length, 0);

for (const file of files) {
  const transcript = parse(readFileSync(new URL(file, folder), 'utf8'));
  test(file.replace('.txt', ''), { skip: transcript.native }, () => play(transcript));
}

function play({ registry: url, options, calls }) {
  const peer = new Peer();
  const registry = new Registry(url, { ...options, fetch: peer.fetch, clock: peer.clock });
  return playThrough(peer, calls, (words) => perform(registry, words));
}

async function perform(registry, [call, repository, target, more, ...rest]) {
  switch (call) {
    case 'ping': return { authenticated: (await registry.ping()).authenticated };
    case 'repositories': return list(registry.repositories({ pageSize: count(repository) }));
    case 'tags': return list(registry.tags(repository, { pageSize: count(target) }));
    case 'head': {
      const { digest, mediaType } = await registry.head(repository, target);
      return { digest, mediaType };
    }
    case 'manifest': {
      const { digest, mediaType, kind, moved } = await registry.manifest(repository, target, { expected: more });
      return { digest, mediaType, kind, ...(moved && { moved }) };
    }
    case 'blob': {
      const stream = await registry.blob(repository, target, { size: more === undefined ? undefined : BigInt(more) });
      return { text: await new Response(stream).text() };
    }
    case 'slice': {
      const [size, first, end] = [more, ...rest].map(BigInt);
      const stream = await registry.blobRange(repository, target, { size, offset: first, length: end - first });
      return { text: await new Response(stream).text() };
    }
    case 'referrers': {
      const { referrers, source } = await registry.referrers(repository, target, { artifactType: more });
      return { digests: referrers.map(({ digest }) => digest), source };
    }
    default: throw new Error(`call ${call}`);
  }
}

function count(text) {
  return text === undefined ? undefined : Number(text);
}
