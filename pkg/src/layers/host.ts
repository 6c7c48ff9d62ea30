import { aborted, misuse, PortolanError, toRecord } from '../error.js';
import { Feed } from './feed.js';
import type { CallName, Calls, FromWorker, ModuleSources, ToWorker, Want } from './protocol.js';

/** A worker as both environments have it. */
export interface Thread {
  post(message: unknown, transfer: Transferable[]): void;
  listen(message: (message: unknown) => void, failed: (cause: unknown) => void): void;
  /** Tells whether anything is waited for: a process need not stay for the rest. */
  busy(busy: boolean): void;
  end(): void;
}

/** Brings what a call wants. */
export type Source = (want: Want, signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;

export interface CallMore {
  signal?: AbortSignal | undefined;
  source?: Source;
  /** Bytes that came for it. */
  onBytes?: (bytes: number) => void;
  /** Entries seen so far. */
  onEntries?: (entries: number) => void;
}

interface Pending extends CallMore {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  /** Ends what is being fetched for the call. */
  control: AbortController;
}

/** A worker with the calls that wait for it. When the worker dies, all of them fail, and so do later ones. */
export class Host {
  readonly #start: () => Thread;
  readonly #modules: Promise<ModuleSources>;
  readonly #thread: Thread;
  #hasher: Thread | undefined;
  readonly #pending = new Map<number, Pending>();
  readonly #feeds = new Map<number, { feed: Feed; control: AbortController }>();
  #calls = 0;
  #images = 0;
  #dead: PortolanError | undefined;

  constructor(start: () => Thread, modules: Promise<ModuleSources>) {
    this.#start = start;
    this.#modules = modules;
    this.#thread = this.#begin();
    modules.then((modules) => this.#post({ type: 'start', role: 'files', ...modules }), (cause: unknown) => this.#die(cannotStart(cause)));
  }

  /** Why it is of no use any more. */
  get dead(): PortolanError | undefined {
    return this.#dead;
  }

  /** A number for another image. */
  newImage(): number {
    return this.#images += 1;
  }

  call<N extends CallName>(name: N, args: Calls[N]['args'], more: CallMore = {}): Promise<Calls[N]['value']> {
    const { signal } = more;
    if (signal?.aborted) return Promise.reject(aborted(signal));
    if (this.#dead) return Promise.reject(this.#dead);
    const id = this.#calls += 1;
    return new Promise<Calls[N]['value']>((resolve, reject) => {
      const cancel = () => this.#cancel(id, aborted(signal as AbortSignal));
      const control = new AbortController();
      const settle = () => signal?.removeEventListener('abort', cancel);
      this.#pending.set(id, {
        ...more, control,
        resolve: (value) => { settle(); resolve(value as Calls[N]['value']); },
        reject: (error) => { settle(); reject(error); },
      });
      signal?.addEventListener('abort', cancel);
      this.#thread.busy(true);
      this.#send({ type: 'call', id, name, args } as ToWorker);
    });
  }

  /** Starts a second worker, beside the first, that hashes uncompressed layers. */
  addHasher(): void {
    if (this.#hasher || this.#dead) return;
    const { port1, port2 } = new MessageChannel();
    const hasher = this.#hasher = this.#begin();
    void this.#modules.then((modules) => hasher.post({ type: 'start', role: 'hash', ...modules, peer: port2 } satisfies ToWorker, [port2]), () => undefined);
    this.#send({ type: 'hasher', peer: port1 }, [port1]);
  }

  /** Ends the workers. What is still waited for fails. */
  end(): void {
    this.#die(misuse('the files were closed'));
  }

  #begin(): Thread {
    const thread = this.#start();
    thread.listen((message) => this.#handle(message as FromWorker), (cause) => this.#die(cannotStart(cause)));
    thread.busy(false);
    return thread;
  }

  /** Sends what must not come before the start. */
  #send(message: ToWorker, transfer: Transferable[] = []): void {
    this.#modules.then(() => this.#post(message, transfer), () => undefined);
  }

  #post(message: ToWorker, transfer: Transferable[] = []): void {
    this.#thread.post(message, transfer);
  }

  #handle(message: FromWorker): void {
    switch (message.type) {
      case 'started': return;
      case 'done': return this.#take(message.id)?.resolve(message.value);
      case 'failed': return this.#take(message.id)?.reject(new PortolanError(message.error));
      case 'progress': return this.#pending.get(message.id)?.onEntries?.(message.entries);
      case 'want': return void this.#supply(message.id, message.stream, message.want);
      case 'credit': return this.#feeds.get(message.stream)?.feed.credit(message.buffer);
      case 'enough': return this.#feeds.get(message.stream)?.control.abort();
      case 'dead': return this.#die(new PortolanError(message.error));
    }
  }

  /** Fetches what a call wants and hands it on. */
  async #supply(id: number, stream: number, want: Want): Promise<void> {
    const pending = this.#pending.get(id);
    if (!pending?.source) return this.#post({ type: 'broken', stream, error: toRecord(misuse('nobody brings bytes')) });
    const control = new AbortController();
    const end = () => control.abort();
    pending.control.signal.addEventListener('abort', end);
    const feed = new Feed((buffer, length) => this.#post({ type: 'piece', stream, buffer, length }, [buffer]));
    this.#feeds.set(stream, { feed, control });
    try {
      const bytes = await pending.source(want, control.signal);
      await feed.send(bytes, control.signal, (count) => pending.onBytes?.(count));
      this.#post({ type: 'end', stream });
    } catch (error) {
      this.#post({ type: 'broken', stream, error: toRecord(error) });
    } finally {
      pending.control.signal.removeEventListener('abort', end);
      this.#feeds.delete(stream);
    }
  }

  #cancel(id: number, error: PortolanError): void {
    const pending = this.#take(id);
    if (!pending) return;
    this.#send({ type: 'cancel', id });
    pending.reject(error);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.control.abort();
    if (this.#pending.size === 0) this.#thread.busy(false);
    return pending;
  }

  #die(error: PortolanError): void {
    this.#dead ??= error;
    this.#thread.end();
    this.#hasher?.end();
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(error);
  }
}

function cannotStart(cause: unknown): PortolanError {
  return misuse('the worker of portolan/layers does not start; see "Bundlers" in the README', cause);
}
