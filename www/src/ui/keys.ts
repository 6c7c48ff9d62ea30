import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** What a key does; returns false where it has nothing to do, so that the browser keeps its own meaning. */
export type KeyMap = Record<string, (event: KeyboardEvent) => void | boolean>;

/** Keys of a view, as long as it is on the page. Typing in a field is never taken for a command. */
export class Keys implements ReactiveController {
  private readonly map: KeyMap;

  constructor(host: ReactiveControllerHost, map: KeyMap) {
    this.map = map;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('keydown', this.onKey);
  }

  hostDisconnected(): void {
    window.removeEventListener('keydown', this.onKey);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event) || isOpenDialog(event)) return;
    const action = this.map[event.key];
    if (action && action(event) !== false) event.preventDefault();
  };
}

function isTyping(event: Event): boolean {
  const target = event.composedPath()[0];
  return target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable);
}

function isOpenDialog(event: Event): boolean {
  return event.composedPath().some((node) => node instanceof HTMLDialogElement);
}
