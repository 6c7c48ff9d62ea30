import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A value that says when it changes. All state that outlives a view lives in one of these. */
export class Store<T> {
  private current: T;
  private readonly listeners = new Set<() => void>();

  constructor(initial: T) {
    this.current = initial;
  }

  get value(): T {
    return this.current;
  }

  set(value: T): void {
    if (Object.is(value, this.current)) return;
    this.current = value;
    for (const listener of [...this.listeners]) listener();
  }

  update(change: (value: T) => T): void {
    this.set(change(this.current));
  }

  /** Returns the way to stop listening. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** Draws its host again when one of the stores changes, as long as the host is on the page. */
export class Watch implements ReactiveController {
  private readonly host: ReactiveControllerHost;
  private readonly stores: readonly Store<unknown>[];
  private stops: (() => void)[] = [];

  constructor(host: ReactiveControllerHost, ...stores: Store<unknown>[]) {
    this.host = host;
    this.stores = stores;
    host.addController(this);
  }

  hostConnected(): void {
    this.stops = this.stores.map((store) => store.subscribe(() => this.host.requestUpdate()));
  }

  hostDisconnected(): void {
    for (const stop of this.stops) stop();
    this.stops = [];
  }
}
