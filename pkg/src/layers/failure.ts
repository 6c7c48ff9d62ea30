import { asError, PortolanError } from '../error.js';

/**
 * What the module threw, as an error of the package; memory that cannot be had is a limit like others. A trap is thrown on: it is
 * no matter of one layer, since nothing of the module can be used any more.
 */
export function asLayerError(thrown: unknown): unknown {
  if (isTrap(thrown)) throw thrown;
  return thrown instanceof RangeError ? exhausted(thrown) : asError(thrown);
}

/** The module trapped: there is no more memory, and nothing of it can be used any more. */
export function isTrap(thrown: unknown): boolean {
  return thrown instanceof WebAssembly.RuntimeError;
}

/** The error of whoever needed more memory than there is. */
export function exhausted(cause: unknown): PortolanError {
  return new PortolanError({ kind: 'LimitExceeded', message: 'limit exceeded: memory of the worker', retryable: false, stage: 'layer' }, { cause });
}
