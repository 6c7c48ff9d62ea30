// Every transcript, through the package: the third driver beside the core and the native client.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { portolan } from './package.mjs';
import { Peer } from './peer.mjs';
import { parse } from './script.mjs';

const { PortolanError, Registry } = portolan;
const folder = new URL('../transcripts/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));
assert.notEqual(files.length, 0);

for (const file of files) {
  const transcript = parse(readFileSync(new URL(file, folder), 'utf8'));
  test(file.replace('.txt', ''), { skip: transcript.native }, () => play(transcript));
}

async function play({ registry: url, options, calls }) {
  const peer = new Peer();
  const registry = new Registry(url, { ...options, fetch: peer.fetch, clock: peer.clock });
  for (const { words, traffic, expected } of calls) {
    assert.notEqual(expected.length, 0, `${words}: nothing is expected of it`);
    peer.traffic = [...traffic];
    const outcome = await perform(registry, words).then((value) => ({ value }), (error) => ({ error }));
    if (peer.traffic.length > 0) peer.faults.push(`never happened: ${JSON.stringify(peer.traffic)}`);
    const missed = expected.filter((line) => !fits(line, outcome)).map((line) => `${show(outcome)}, not ${line}`);
    assert.deepEqual([...peer.faults, ...missed], [], words.join(' '));
  }
}

function fits(line, { value, error }) {
  const [, word, rest] = /^(\S+) ?(.*)$/.exec(line);
  if (error !== undefined && !(error instanceof PortolanError)) throw error;
  if (word === 'error') return error?.kind === rest;
  if (word === 'contains') return error !== undefined && error.message.includes(rest);
  if (word === 'lacks') return !(error?.message ?? '').includes(rest);
  return error === undefined && isDeepStrictEqual(value, JSON.parse(line));
}

function show({ value, error }) {
  return error ? `${error.kind}: ${error.message}` : JSON.stringify(value);
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

async function list(listing) {
  const result = { names: [], skipped: 0 };
  for await (const { items, skipped, truncated } of listing.pages()) {
    result.names.push(...items);
    result.skipped += skipped;
    if (truncated) result.truncated = truncated.kind;
  }
  return result;
}

function count(text) {
  return text === undefined ? undefined : Number(text);
}
