// Plays a transcript's calls and compares what comes of them.
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { portolan } from './package.mjs';

const { PortolanError } = portolan;

/** Plays all calls by `perform`; fails at what is not as written. */
export async function play(peer, calls, perform) {
  for (const { words, traffic, expected } of calls) {
    assert.notEqual(expected.length, 0, `${words}: nothing is expected of it`);
    peer.traffic = [...traffic];
    const outcome = await Promise.resolve().then(() => perform(words)).then((value) => ({ value }), (error) => ({ error }));
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

/** A whole listing, as transcripts write it. */
export async function list(listing, name = (item) => item) {
  const result = { names: [], skipped: 0 };
  for await (const { items, skipped, truncated } of listing.pages()) {
    result.names.push(...items.map(name));
    result.skipped += skipped;
    if (truncated) result.truncated = truncated.kind;
  }
  return result;
}
