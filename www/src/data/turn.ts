import type { Work } from '../analysis/order';

/** A task of its own, after input and painting had their turn. */
export function nextTurn(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: { yield?: () => Promise<void> } };
  return scheduler?.yield ? scheduler.yield() : new Promise((resolve) => setTimeout(resolve));
}

/** For work in slices, until the signal stops it. */
export function turns(signal: AbortSignal): Work {
  return { pause: nextTurn, now: () => performance.now(), signal };
}
