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

/** As `Watch`, for stores that are other ones from time to time: `to` says which they are now. */
export class Follow implements ReactiveController {
  private readonly host: ReactiveControllerHost;
  private stores: readonly Store<never>[] = [];
  private stops: (() => void)[] = [];
  private connected = false;

  constructor(host: ReactiveControllerHost) {
    this.host = host;
    host.addController(this);
  }

  to<T>(...stores: readonly Store<T>[]): void {
    if (stores.length === this.stores.length && stores.every((store, at) => (store as unknown) === this.stores[at])) return;
    this.stores = stores as unknown as readonly Store<never>[];
    if (this.connected) this.hostConnected();
  }

  hostConnected(): void {
    this.hostDisconnected();
    this.connected = true;
    this.stops = this.stores.map((store) => store.subscribe(() => this.host.requestUpdate()));
  }

  hostDisconnected(): void {
    this.connected = false;
    for (const stop of this.stops) stop();
    this.stops = [];
  }
}
