// The entry for Node: workers are threads there, and hold nobody up who waits for nothing.
import '../node.js';
import { Worker } from 'node:worker_threads';
import { startThreadsWith } from './hosts.js';

/** MiB of objects that die young, of which a worker makes few: what it works on is in the module's memory. */
const YOUNG = 2;

startThreadsWith(() => {
  const inner = new Worker(new URL('./worker-node.js', import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: YOUNG } });
  return {
    post: (message, transfer) => inner.postMessage(message, transfer as Parameters<Worker['postMessage']>[1]),
    listen: (message, failed) => { inner.on('message', message).on('error', failed).on('messageerror', failed); },
    busy: (busy) => { if (busy) inner.ref(); else inner.unref(); },
    end: () => void inner.terminate(),
  };
});

export * from './index.js';
