import { toRecord } from '../error.js';
import { extraFrom } from './extra.js';
import { asLayerError, exhausted, isTrap } from './failure.js';
import { Handlers } from './handlers.js';
import { type Hash, serveHashes } from './hashing.js';
import { Job, Line, type Port } from './job.js';
import { moreFrom } from './more.js';
import type { CallName, Calls, FromWorker, ModuleSource, ToWorker } from './protocol.js';

/** What a worker finds around it. */
export interface Environment {
  /** Loads the module. */
  load(source: ModuleSource): Promise<unknown>;
  /** Loads the second half of the module. */
  loadMore(source: ModuleSource): Promise<unknown>;
  /** Loads the module for what few layers need. */
  loadExtra(source: ModuleSource): Promise<unknown>;
  /** A sha256, of the environment's own where that is faster. */
  hash(): Hash;
  /** A line to another worker. */
  port(peer: MessagePort): Port;
}

/** Runs the worker: answers the page at the other end of `port`. */
export function serve(port: Port, environment: Environment): void {
  const worker = new LayerWorker(port, environment);
  port.listen((message) => worker.handle(message as ToWorker));
}

class LayerWorker {
  readonly #line: Line;
  readonly #environment: Environment;
  readonly #jobs = new Map<number, Job>();
  #handlers: Promise<Handlers> | undefined;

  constructor(port: Port, environment: Environment) {
    this.#line = new Line(port);
    this.#environment = environment;
  }

  handle(message: ToWorker): void {
    switch (message.type) {
      case 'start': return this.#start(message);
      case 'hasher': return void this.#handlers?.then((handlers) => handlers.hashWith(this.#environment.port(message.peer)));
      case 'call': return this.#enter(message.id, message.name, message.args);
      case 'cancel': return this.#jobs.get(message.id)?.cancel();
      default: return this.#line.take(message);
    }
  }

  #start(message: Extract<ToWorker, { type: 'start' }>): void {
    const loading = this.#environment.load(message.wasm);
    moreFrom(() => loading.then(() => this.#environment.loadMore(message.more)));
    extraFrom(() => this.#environment.loadExtra(message.extra));
    loading.then(() => this.#line.post({ type: 'started' }), (cause: unknown) => {
      const text = 'cannot load portolan_layers_bg.wasm; give initLayers() its URL or bytes (see "Bundlers" in the README)';
      this.#line.post({ type: 'dead', error: { kind: 'Misuse', message: `${text}: ${String(cause)}`, retryable: false } });
    });
    if (message.role === 'hash') serveHashes(this.#environment.port(message.peer), loading, () => this.#environment.hash());
    else this.#handlers = loading.then(() => new Handlers());
    this.#handlers?.catch(() => undefined);
  }

  /** Not at once: the message that cancels it may be waiting behind it. */
  #enter<N extends CallName>(id: number, name: N, args: Calls[N]['args']): void {
    const job = new Job(id, this.#line);
    this.#jobs.set(id, job);
    setTimeout(() => void this.#run(job, name, args));
  }

  async #run<N extends CallName>(job: Job, name: N, args: Calls[N]['args']): Promise<void> {
    try {
      const handlers = await this.#handlers;
      job.check();
      if (!handlers) return;
      const { value, transfer } = await handlers.answer(name, args, job);
      this.#line.post({ type: 'done', id: job.id, value } as FromWorker, transfer);
    } catch (thrown) {
      if (isTrap(thrown)) this.#line.post({ type: 'dead', error: toRecord(exhausted(thrown)) });
      else this.#line.post({ type: 'failed', id: job.id, error: toRecord(asLayerError(thrown)) });
    } finally {
      this.#jobs.delete(job.id);
    }
  }
}
