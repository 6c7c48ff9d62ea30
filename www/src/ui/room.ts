import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** What sticks to the top of the page, and what stays free at the bottom, pixels. */
const ABOVE = 56;
const BELOW = 16;

/**
 * Tells the styles of its host how much of the window an element has: `--room` before the page is scrolled, `--rest` as it is now.
 * `select` finds the element; it is at the top of its own column and sticks to the top of the window.
 */
export class Room implements ReactiveController {
  private readonly host: ReactiveControllerHost & HTMLElement;
  private readonly select: string;
  private frame = 0;

  constructor(host: ReactiveControllerHost & HTMLElement, select: string) {
    this.host = host;
    this.select = select;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('scroll', this.later, { passive: true });
    window.addEventListener('resize', this.later);
  }

  hostDisconnected(): void {
    window.removeEventListener('scroll', this.later);
    window.removeEventListener('resize', this.later);
    cancelAnimationFrame(this.frame);
  }

  hostUpdated(): void {
    this.later();
  }

  private readonly later = (): void => {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.measure());
  };

  private measure(): void {
    const column = this.host.shadowRoot?.querySelector(this.select)?.parentElement;
    if (!column) return;
    const { top } = column.getBoundingClientRect();
    this.host.style.setProperty('--rest', `${Math.round(window.innerHeight - Math.max(top, ABOVE) - BELOW)}px`);
    this.host.style.setProperty('--room', `${Math.round(window.innerHeight - Math.max(top + window.scrollY, ABOVE) - BELOW)}px`);
  }
}
