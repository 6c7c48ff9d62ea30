// Blobs as streams of bytes: whoever brings a buffer has it filled, and no other is made.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import test from 'node:test';
import { portolan } from './package.mjs';

const { Registry } = portolan;
const whole = randomBytes(300_000);
const digest = `sha256:${createHash('sha256').update(whole).digest('hex')}`;
const body = (type) => new ReadableStream({
  type,
  start(controller) {
    for (let at = 0; at < whole.length; at += 70_000) controller.enqueue(new Uint8Array(whole.subarray(at, at + 70_000)));
    controller.close();
  },
});
const blob = (type, named = digest) => new Registry('https://registry.example', { fetch: async () => new Response(body(type)) }).blob('a/b', named, { size: 300_000n });

for (const type of ['bytes', undefined]) {
  test(`buffers are filled and come back, from a fetch whose stream is ${type ?? 'of anything'}`, async () => {
    const reader = (await blob(type)).getReader({ mode: 'byob' });
    const read = [];
    const buffers = new Set();
    let room = new ArrayBuffer(64_000);
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(room));
      room = value.buffer;
      buffers.add(room.byteLength);
      if (done) break;
      read.push(Buffer.from(value));
    }
    assert.ok(Buffer.concat(read).equals(whole));
    assert.deepEqual([...buffers], [64_000]);
  });

  test(`chunks are the reader's own, from a fetch whose stream is ${type ?? 'of anything'}`, async () => {
    const read = [];
    for await (const chunk of await blob(type)) read.push(chunk);
    assert.ok(read.length > 1);
    assert.ok(Buffer.concat(read).equals(whole));
  });

  test(`another digest fails whoever brings buffers too, from a fetch whose stream is ${type ?? 'of anything'}`, async () => {
    const reader = (await blob(type, `sha256:${'0'.repeat(64)}`)).getReader({ mode: 'byob' });
    const all = async () => {
      for (let read = await reader.read(new Uint8Array(100_000)); !read.done; read = await reader.read(new Uint8Array(100_000)));
    };
    await assert.rejects(all(), { kind: 'DigestMismatch' });
  });
}
