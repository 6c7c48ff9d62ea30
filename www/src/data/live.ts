import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Known } from '../analysis/replicas';
import { toFailure } from '../analysis/trouble';

/** After a failure the next attempt waits this long, milliseconds, and twice as long after each further one. */
const FIRST_WAIT = 4_000;
const LONGEST_WAIT = 60_000;
/** An answer that takes longer is given up. */
const PATIENCE = 20_000;

/** Something asked for again and again, as long as somebody looks: at its own pace, with back-off, and not while the page is hidden. */
export class Live<T> {
  current: Known<T> = { state: 'waiting' };
  private readonly ask: (signal: AbortSignal) => Promise<T>;
  private readonly pace: (value: T) => number;
  private readonly changed: () => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private abort: AbortController | undefined;
  private failures = 0;

  /** `pace`: milliseconds until it is asked for again. */
  constructor(ask: (signal: AbortSignal) => Promise<T>, pace: (value: T) => number, changed: () => void) {
    this.ask = ask;
    this.pace = pace;
    this.changed = changed;
  }

  get running(): boolean {
    return this.abort !== undefined || this.timer !== undefined;
  }

  start(): void {
    if (!this.running && !document.hidden) void this.once();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.abort?.abort();
    this.abort = undefined;
  }

  /** Asks at once. */
  now(): void {
    this.stop();
    this.failures = 0;
    this.start();
  }

  private async once(): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    this.timer = undefined;
    let wait = 0;
    try {
      const value = await this.ask(AbortSignal.any([abort.signal, AbortSignal.timeout(PATIENCE)]));
      if (abort.signal.aborted) return;
      this.failures = 0;
      this.current = { state: 'ready', value };
      wait = this.pace(value);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.current = { state: 'failed', error, value: this.current.state === 'waiting' ? undefined : this.current.value };
      wait = Math.max((toFailure(error).retryAfter ?? 0) * 1000, Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.failures));
      this.failures += 1;
    }
    this.abort = undefined;
    // Pages that were opened together must not ask together.
    this.timer = setTimeout(() => void this.once(), wait * (0.9 + Math.random() * 0.2));
    this.changed();
  }
}

/** Runs a host's questions while it is on the page and the page is seen. */
export class Lives implements ReactiveController {
  private readonly all = new Map<string, Live<never>>();
  private connected = false;

  constructor(host: ReactiveControllerHost) {
    host.addController(this);
  }

  /** The question of this key; `make` is called where it is new. */
  get<T>(key: string, make: () => Live<T>): Live<T> {
    let live = this.all.get(key) as Live<T> | undefined;
    if (!live) {
      live = make();
      this.all.set(key, live as unknown as Live<never>);
    }
    if (this.connected) live.start();
    return live;
  }

  /** Ends those that nobody asks any more. */
  keep(keys: readonly string[]): void {
    for (const [key, live] of this.all) {
      if (keys.includes(key)) continue;
      live.stop();
      this.all.delete(key);
    }
  }

  now(): void {
    for (const live of this.all.values()) live.now();
  }

  hostConnected(): void {
    this.connected = true;
    document.addEventListener('visibilitychange', this.seen);
    this.seen();
  }

  hostDisconnected(): void {
    this.connected = false;
    document.removeEventListener('visibilitychange', this.seen);
    for (const live of this.all.values()) live.stop();
  }

  private readonly seen = (): void => {
    for (const live of this.all.values()) {
      if (document.hidden) live.stop();
      else live.start();
    }
  };
}
