import { asError, PortolanError, toRecord } from '../error.js';
import { type Handlers, handlers } from './handlers.js';
import { type Hash, serveHashes } from './hashing.js';
import { Job, Line, type Port } from './job.js';
import type { CallName, Calls, ModuleSource, ToWorker } from './protocol.js';

/** What a worker finds around it. */
export interface Environment {
  /** Loads the module. */
  load(source: ModuleSource): Promise<unknown>;
  /** A sha256, of the environment's own where that is faster. */
  hash(): Hash;
  /** A port from another worker. */
  port(peer: MessagePort): Port;
}

/** Runs the worker: answers the page at the other end of `port`. */
export function serve(port: Port, environment: Environment): void {
  const worker = new Files(port, environment);
  port.listen((message) => worker.handle(message as ToWorker));
}

class Files {
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
    loading.catch((cause: unknown) => this.#die(`cannot load portolan_layers_bg.wasm: ${String(cause)}`));
    if (message.role === 'hash') return serveHashes(this.#environment.port(message.peer), loading, () => this.#environment.hash());
    this.#handlers = loading.then(() => handlers());
    this.#handlers.catch(() => undefined);
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
      if (!handlers) return;
      job.check();
      const { value, transfer } = await handlers.answer(name, args, job);
      this.#line.post({ type: 'done', id: job.id, value } as Parameters<Line['post']>[0], transfer);
    } catch (thrown) {
      this.#fail(job, asError(thrown));
    } finally {
      this.#jobs.delete(job.id);
    }
  }
}
