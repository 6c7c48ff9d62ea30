import type { ErrorKind, Stage } from './types.js';

/** An error as the modules write it, and as it passes between threads. */
export interface ErrorRecord {
  kind: ErrorKind;
  message: string;
  status?: number;
  code?: string;
  retryable: boolean;
  stage?: Stage;
  host?: string;
  retryAfter?: number;
}

/** What every call rejects with. Branch on `kind`; the message is for people and holds no secret and no control character. */
export class PortolanError extends Error {
  /** Who must act, and on what. */
  readonly kind: ErrorKind;
  /** HTTP status, where the server answered. */
  readonly status?: number;
  /** The registry's own first code, such as `MANIFEST_UNKNOWN`. */
  readonly code?: string;
  /** True if the same call may succeed later with nothing changed. */
  readonly retryable: boolean;
  /** The step that failed. */
  readonly stage?: Stage;
  /** Host (and port) that was being talked to. */
  readonly host?: string;
  /** Seconds that the server asked to be left alone. */
  readonly retryAfter?: number;

  constructor(record: ErrorRecord, options?: ErrorOptions) {
    super(record.message, options);
    // Code that knows nothing of this package asks for this name to tell a cancelled call from a failed one.
    this.name = record.kind === 'Aborted' ? 'AbortError' : 'PortolanError';
    this.kind = record.kind;
    this.retryable = record.retryable;
    if (record.status !== undefined) this.status = record.status;
    if (record.code !== undefined) this.code = record.code;
    if (record.stage !== undefined) this.stage = record.stage;
    if (record.host !== undefined) this.host = record.host;
    if (record.retryAfter !== undefined) this.retryAfter = record.retryAfter;
  }
}

/** The error of a call that `signal` ended. Its cause is the signal's reason. */
export function aborted(signal: AbortSignal): PortolanError {
  return new PortolanError({ kind: 'Aborted', message: 'aborted', retryable: false }, { cause: signal.reason });
}

/** The error of a call that cannot be made like this. */
export function misuse(message: string, cause?: unknown): PortolanError {
  return new PortolanError({ kind: 'Misuse', message, retryable: false }, cause === undefined ? undefined : { cause });
}

/** What the module threw, as what the package throws. Anything but its own records is a fault to be seen as it is. */
export function asError(thrown: unknown, signal?: AbortSignal): unknown {
  if (typeof thrown !== 'string') return thrown;
  const record = JSON.parse(thrown) as ErrorRecord;
  if (record.kind === 'Aborted' && signal?.aborted) return aborted(signal);
  return new PortolanError(record);
}

/** The same for another thread: an error's own class does not get there. */
export function toRecord(error: unknown): ErrorRecord {
  if (!(error instanceof PortolanError)) return { kind: 'Misuse', message: String(error), retryable: false };
  const { kind, message, retryable, status, code, stage, host, retryAfter } = error;
  const all = { kind, message, retryable, status, code, stage, host, retryAfter };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as unknown as ErrorRecord;
}
