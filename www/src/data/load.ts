import type { ReactiveController, ReactiveControllerHost } from 'lit';

export type LoadState<T> =
  | { state: 'idle' }
  | { state: 'loading' }
  | { state: 'ready'; value: T }
  | { state: 'failed'; error: unknown };

/**
 * One asynchronous value of a view. A new key stops the old request; the same key does nothing; leaving the page stops all.
 */
export class Load<T> implements ReactiveController {
  current: LoadState<T> = { state: 'idle' };
  private readonly host: ReactiveControllerHost;
  private key: string | undefined;
  private work: ((signal: AbortSignal) => Promise<T>) | undefined;
  private abort: AbortController | undefined;

  constructor(host: ReactiveControllerHost) {
    this.host = host;
    host.addController(this);
  }

  /** Starts reading, unless this very thing is read or being read already. */
  run(key: string, work: (signal: AbortSignal) => Promise<T>): void {
    this.work = work;
    if (key === this.key) return;
    this.key = key;
    void this.start();
  }

  retry(): void {
    void this.start();
  }

  /** Forgets the value; the next `run` reads again. */
  reset(): void {
    this.abort?.abort();
    this.key = undefined;
    this.current = { state: 'idle' };
  }

  hostDisconnected(): void {
    if (this.current.state === 'loading') this.reset();
  }

  private async start(): Promise<void> {
    const { work } = this;
    if (!work) return;
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    this.show({ state: 'loading' });
    try {
      const value = await work(abort.signal);
      if (!abort.signal.aborted) this.show({ state: 'ready', value });
    } catch (error) {
      if (!abort.signal.aborted) this.show({ state: 'failed', error });
    }
  }

  private show(state: LoadState<T>): void {
    this.current = state;
    this.host.requestUpdate();
  }
}
