import { asError, PortolanError } from '../error.js';

/** What the module threw, as an error of the package; memory that cannot be had is a limit like others. */
export function asLayerError(thrown: unknown): unknown {
  if (thrown instanceof RangeError) return exhausted(thrown);
  const error = asError(thrown);
  return error;
}

/** The module trapped: there is no more memory, and nothing of it can be used any more. */
export function isTrap(thrown: unknown): boolean {
  return thrown instanceof WebAssembly.RuntimeError;
}

/** The error of whoever needed more memory than there is. */
export function exhausted(cause: unknown): PortolanError {
  return new PortolanError({ kind: 'LimitExceeded', message: 'limit exceeded: memory of the worker', retryable: false, stage: 'layer' }, { cause });
}
