import { html, nothing, type ReactiveControllerHost } from 'lit';
import { formatCount } from '../analysis/format';

/** Cuts long lists of a view and offers the rest in steps: 100,000 entries never become 100,000 nodes at once. */
export class More {
  private readonly host: ReactiveControllerHost;
  private readonly step: number;
  private readonly shown = new Map<string, number>();

  constructor(host: ReactiveControllerHost, step = 60) {
    this.host = host;
    this.step = step;
  }

  /** The items to draw, and the button for those that are not. */
  cut<T>(list: string, items: readonly T[]): { items: readonly T[]; button: unknown } {
    const count = this.shown.get(list) ?? this.step;
    const rest = items.length - count;
    if (rest <= 0) return { items, button: nothing };
    const next = Math.min(rest, Math.max(this.step, 500));
    return {
      items: items.slice(0, count),
      button: html`<button type="button" @click=${() => this.grow(list, count + next)}>
        Show ${formatCount(next)} more of ${formatCount(items.length)}</button>`,
    };
  }

  private grow(list: string, count: number): void {
    this.shown.set(list, count);
    this.host.requestUpdate();
  }
}
