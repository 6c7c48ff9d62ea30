import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import {
  defaultRangeExtractor, observeWindowOffset, observeWindowRect, Virtualizer, windowScroll, type VirtualItem,
} from '@tanstack/virtual-core';
import { vars } from './vars';

interface RowsOptions {
  /** Height of a row in pixels, on wide windows and on narrow ones. */
  height: { wide: number; narrow: number };
  /** Windows up to this width are narrow, pixels. */
  narrow: number;
  /** Opens a row: Enter, or a click on it. */
  open: (index: number) => void;
}

type Host = ReactiveControllerHost & HTMLElement;

/**
 * A list of any length with the DOM of one screen. The window scrolls; one row is the active one (roving tabindex) and stays in
 * the DOM wherever the list is scrolled to, so that the focus is never lost.
 */
export class Rows implements ReactiveController {
  active = 0;
  private readonly host: Host;
  private readonly options: RowsOptions;
  private readonly virtualizer: Virtualizer<Window, Element>;
  private count = 0;
  private stop: (() => void) | undefined;
  private focusWanted = false;
  /** Tells when what lies above the rows may have moved them, after layout: measuring then costs nothing. */
  private readonly observer = new ResizeObserver(() => this.measureMargin());
  private readonly narrow: MediaQueryList;

  constructor(host: Host, options: RowsOptions) {
    this.host = host;
    this.options = options;
    this.narrow = matchMedia(`(max-width: ${options.narrow}px)`);
    this.virtualizer = new Virtualizer<Window, Element>(this.settings());
    host.addController(this);
  }

  hostConnected(): void {
    this.stop = this.virtualizer._didMount();
    this.narrow.addEventListener('change', this.resized);
    this.observer.observe(this.host);
  }

  hostDisconnected(): void {
    this.stop?.();
    this.narrow.removeEventListener('change', this.resized);
    this.observer.disconnect();
  }

  hostUpdated(): void {
    this.virtualizer._willUpdate();
    if (this.focusWanted && this.focusActive()) this.focusWanted = false;
  }

  /** Indices on the screen or just beside it. */
  get visible(): number[] {
    return this.virtualizer.getVirtualItems().map((item) => item.index).filter((index) => index < this.count);
  }

  /** The window with the rows in it. `key` names a row across changes of the list, so that the DOM moves with it. */
  render(count: number, key: (index: number) => string, row: (index: number, item: VirtualItem) => TemplateResult): TemplateResult {
    if (count !== this.count) {
      this.count = count;
      this.active = Math.max(0, Math.min(this.active, count - 1));
      this.virtualizer.setOptions(this.settings(this.virtualizer.options.scrollMargin));
    }
    const items = this.virtualizer.getVirtualItems().filter((item) => item.index < count);
    const margin = this.virtualizer.options.scrollMargin;
    return html`<div class="rows" role="presentation" ${vars({ height: `${this.virtualizer.getTotalSize()}px` })}>
      ${repeat(items, (item) => key(item.index), (item) => html`<div class="slot" role="presentation"
        ${vars({ transform: `translateY(${item.start - margin}px)`, height: `${item.size}px` })}>${row(item.index, item)}</div>`)}
    </div>`;
  }

  /** Keys of the list, for `Keys`. */
  keys(): Record<string, (event: KeyboardEvent) => void | boolean> {
    const move = (by: number) => (): boolean => this.move(this.hasFocus() ? this.active + by : this.firstOnScreen());
    const page = Math.max(1, Math.floor(window.innerHeight / 60));
    return {
      j: move(1), ArrowDown: move(1), k: move(-1), ArrowUp: move(-1), PageDown: move(page), PageUp: move(-page),
      Home: () => this.move(0), End: () => this.move(this.count - 1),
      Enter: (event) => {
        if (!this.hasFocus() || (event.composedPath()[0] as Element).matches('button, a, input')) return false;
        this.options.open(this.active);
        return true;
      },
    };
  }

  /** Makes a row the active one and gives it the focus. */
  move(to: number): boolean {
    if (this.count === 0) return false;
    this.active = Math.max(0, Math.min(to, this.count - 1));
    this.virtualizer.scrollToIndex(this.active, { align: 'auto' });
    this.focusWanted = true;
    this.host.requestUpdate();
    return true;
  }

  /** Makes a row the active one and brings it into view; the focus stays where it is. */
  show(to: number): void {
    this.active = to;
    const { scrollMargin } = this.virtualizer.options;
    const top = scrollMargin + to * this.virtualizer.options.estimateSize(to);
    const seen = top >= window.scrollY + HEADERS && top + 48 <= window.scrollY + window.innerHeight;
    if (!seen) this.virtualizer.scrollToIndex(to, { align: 'center' });
    this.host.requestUpdate();
  }

  /** Whether the focus is within a row. */
  hasFocus(): boolean {
    return Boolean(this.host.shadowRoot?.activeElement?.closest('.rows'));
  }

  private firstOnScreen(): number {
    const { scrollMargin } = this.virtualizer.options;
    const first = this.virtualizer.getVirtualItems().find((item) => item.start >= window.scrollY + HEADERS || window.scrollY < scrollMargin);
    return first?.index ?? 0;
  }

  private focusActive(): boolean {
    const row = this.body()?.querySelector<HTMLElement>('[data-active]');
    row?.focus({ preventScroll: true });
    return Boolean(row);
  }

  private body(): HTMLElement | null {
    return this.host.shadowRoot?.querySelector<HTMLElement>('.rows') ?? null;
  }

  private measureMargin(): void {
    const body = this.body();
    if (!body) return;
    const margin = Math.round(body.getBoundingClientRect().top + window.scrollY);
    if (margin === this.virtualizer.options.scrollMargin) return;
    this.virtualizer.setOptions(this.settings(margin));
    this.host.requestUpdate();
  }

  private readonly resized = (): void => {
    this.virtualizer.setOptions(this.settings(this.virtualizer.options.scrollMargin));
    this.virtualizer.measure();
    this.host.requestUpdate();
  };

  private settings(scrollMargin = 0): ConstructorParameters<typeof Virtualizer<Window, Element>>[0] {
    const height = this.narrow.matches ? this.options.height.narrow : this.options.height.wide;
    return {
      count: this.count,
      getScrollElement: () => window,
      // Asked for every one of 50,000 rows: it must not look anything up.
      estimateSize: () => height,
      observeElementRect: observeWindowRect,
      observeElementOffset: observeWindowOffset,
      scrollToFn: windowScroll,
      onChange: () => this.host.requestUpdate(),
      overscan: 8,
      scrollMargin,
      initialOffset: () => window.scrollY,
      scrollPaddingStart: HEADERS,
      scrollPaddingEnd: 8,
      rangeExtractor: (range) => {
        const indices = defaultRangeExtractor(range);
        if (this.active < this.count && !indices.includes(this.active)) indices.push(this.active);
        return indices.sort((a, b) => a - b);
      },
    };
  }
}

/** Height of what sticks to the top: the header of the page and that of the table. */
const HEADERS = 84;
