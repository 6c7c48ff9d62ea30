import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** What sticks to the top of the page, and what a page keeps free at its end, pixels. */
const ABOVE = 56;
const BELOW = 64;
const EDGE = 16;

/**
 * Keeps an element that sticks to the top of the window no higher than the rest of it, and tells its styles as `--room` how much that is
 * before the page is scrolled. While scrolling nothing is measured: where its column begins does not change.
 */
export class Room implements ReactiveController {
  private readonly host: ReactiveControllerHost & HTMLElement;
  private readonly select: string;
  private readonly observer = new ResizeObserver(() => this.measure());
  private observed: Element | undefined;
  private top = 0;
  private frame = 0;
  private said = '';

  constructor(host: ReactiveControllerHost & HTMLElement, select: string) {
    this.host = host;
    this.select = select;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('scroll', this.scrolled, { passive: true });
    window.addEventListener('resize', this.resized);
    this.observer.observe(this.host);
  }

  hostDisconnected(): void {
    window.removeEventListener('scroll', this.scrolled);
    window.removeEventListener('resize', this.resized);
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
  }

  hostUpdated(): void {
    this.observed = this.element()?.parentElement ?? undefined;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.measure());
  }

  private readonly resized = (): void => this.measure();
  private readonly scrolled = (): void => this.tell();

  /** After layout, when it costs nothing. */
  private measure(): void {
    if (this.observed) this.top = this.observed.getBoundingClientRect().top + window.scrollY;
    this.tell();
  }

  private tell(): void {
    const room = Math.round(window.innerHeight - Math.max(this.top, ABOVE) - EDGE);
    const at = Math.max(this.top - window.scrollY, ABOVE);
    const rest = Math.round(window.innerHeight - at - (at > ABOVE ? EDGE : BELOW));
    const style = this.element()?.style;
    if (!style || this.said === `${room}/${rest}`) return;
    this.said = `${room}/${rest}`;
    style.setProperty('--room', `${room}px`);
    style.setProperty('--rest', `${rest}px`);
  }

  private element(): HTMLElement | null | undefined {
    return this.host.shadowRoot?.querySelector<HTMLElement>(this.select);
  }
}
