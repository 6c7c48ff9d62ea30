// A server on loopback for what only a real connection can show.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

/** Starts `handler`; ends with the test. Returns the address and the answers that are under way. */
export async function serve(t, handler) {
  const open = new Set();
  const server = createServer((request, response) => {
    open.add(response);
    response.on('close', () => open.delete(response));
    handler(request, response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => { server.close(); server.closeAllConnections(); });
  return { url: `http://127.0.0.1:${server.address().port}`, open };
}

export function sha256(bytes) {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Waits until `done` says so; fails after half a minute. */
export async function until(what, done) {
  const end = Date.now() + 30_000;
  while (!done()) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
