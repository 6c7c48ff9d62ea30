import { PortolanError } from '../error.js';
import type { FromWorker, ToWorker, Want } from './protocol.js';

/** One end of the line to the page, as both environments have it. */
export interface Port {
  post(message: unknown, transfer?: Transferable[]): void;
  listen(message: (message: unknown) => void): void;
}

const ABORTED = { kind: 'Aborted', message: 'aborted', retryable: false } as const;
/** Milliseconds between two notes of progress. */
const PAUSE = 50;

/** A call under way in the worker. */
export class Job {
  readonly id: number;
  readonly #line: Line;
  #cancelled = false;
  #noted = 0;

  constructor(id: number, line: Line) {
    this.id = id;
    this.#line = line;
  }

  cancel(): void {
    this.#cancelled = true;
    this.#line.breakOff(this.id);
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Throws if nobody waits for it any more. */
  check(): void {
    if (this.#cancelled) throw new PortolanError(ABORTED);
  }

  /**
   * Bytes from the page, in pieces that are good until the next one is asked for. Ends when all have come, and for a whole
   * layer only if they were what its digest names; leaving the loop ends the request.
   */
  want(want: Want): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    this.check();
    return this.#line.want(this.id, want);
  }

  /** Says how many entries were seen, now and then. */
  note(entries: number): void {
    const now = performance.now();
    if (entries === 0 || now < this.#noted + PAUSE) return;
    this.#noted = now;
    this.#line.post({ type: 'progress', id: this.id, entries });
  }
}

interface Incoming {
  job: number;
  pieces: { buffer: ArrayBuffer; length: number }[];
  /** Set when nothing more will come. */
  end: { error?: PortolanError } | undefined;
  wake: (() => void) | undefined;
}

/** What comes from the page for calls that are under way. */
export class Line {
  readonly #port: Port;
  readonly #streams = new Map<number, Incoming>();
  #opened = 0;

  constructor(port: Port) {
    this.#port = port;
  }

  post(message: FromWorker, transfer: Transferable[] = []): void {
    this.#port.post(message, transfer);
  }

  async *want(job: number, want: Want): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    const stream = this.#opened += 1;
    const incoming: Incoming = { job, pieces: [], end: undefined, wake: undefined };
    this.#streams.set(stream, incoming);
    this.post({ type: 'want', id: job, stream, want });
    try {
      for (;;) {
        for (let piece = incoming.pieces.shift(); piece; piece = incoming.pieces.shift()) {
          yield new Uint8Array(piece.buffer, 0, piece.length);
          this.post({ type: 'credit', stream, buffer: piece.buffer }, [piece.buffer]);
        }
        if (incoming.end?.error) throw incoming.end.error;
        if (incoming.end) return;
        await new Promise<void>((resolve) => { incoming.wake = resolve; });
      }
    } finally {
      this.#streams.delete(stream);
      if (!incoming.end) this.post({ type: 'enough', stream });
    }
  }

  /** Takes what belongs to a stream; what comes for one that nobody reads any more is dropped. */
  take(message: Extract<ToWorker, { stream: number }>): void {
    const incoming = this.#streams.get(message.stream);
    if (!incoming) return;
    if (message.type === 'piece') incoming.pieces.push(message);
    else incoming.end = message.type === 'broken' ? { error: new PortolanError(message.error) } : {};
    incoming.wake?.();
  }

  /** Breaks off what a call is reading. */
  breakOff(job: number): void {
    for (const incoming of this.#streams.values()) {
      if (incoming.job !== job) continue;
      incoming.pieces.length = 0;
      incoming.end = { error: new PortolanError(ABORTED) };
      incoming.wake?.();
    }
  }
}
