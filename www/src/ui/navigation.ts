import { formatRoute, parseRoute, type Route } from '../analysis/route';
import { Store } from '../data/store';

/** Where the portal is. The address bar says the same. */
export const route = new Store<Route>(parseRoute(location.pathname, location.search));

interface Entry { scroll?: number }

/** Goes to a route: a new entry in the history, or with `replace` the present one changed. */
export function go(to: Route, { replace = false } = {}): void {
  const url = formatRoute(to);
  const next = parseRoute(...split(url));
  if (replace) {
    history.replaceState(history.state, '', url);
  } else {
    rememberScroll();
    history.pushState({}, '', url);
  }
  stopRestoring();
  const sameView = placeOf(route.value) === placeOf(next);
  route.set(next);
  if (!replace && !sameView) window.scrollTo(0, 0);
}

/** Takes over history and links of this page. */
export function startNavigation(): void {
  history.scrollRestoration = 'manual';
  window.addEventListener('popstate', () => {
    route.set(parseRoute(location.pathname, location.search));
    restoreScroll((history.state as Entry | null)?.scroll ?? 0);
  });
  window.addEventListener('pagehide', rememberScroll);
  let timer = 0;
  window.addEventListener('scroll', () => {
    clearTimeout(timer);
    timer = window.setTimeout(rememberScroll, 250);
  }, { passive: true });
  document.addEventListener('click', followLink);
  restoreScroll((history.state as Entry | null)?.scroll ?? 0);
}

/** What a view is about, apart from how it is looked at: tabs and filters do not scroll to the top. */
function placeOf(at: Route): string {
  return formatRoute(at).split('?')[0] ?? '';
}

function split(url: string): [string, string] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark)];
}

function rememberScroll(): void {
  if (restoring) return;
  history.replaceState({ ...(history.state as Entry | null), scroll: Math.round(window.scrollY) }, '');
}

/** Links of our own are followed in place; modified clicks, downloads and foreign ones are the browser's. */
function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (link.pathname !== '/' && !link.pathname.startsWith('/r/')) return;
  event.preventDefault();
  go(parseRoute(link.pathname, link.search));
}

let restoring: (() => void) | undefined;

function stopRestoring(): void {
  restoring?.();
}

/** Lists grow as their pages come in: the place is taken up again once it exists, unless the person has moved on. */
function restoreScroll(target: number): void {
  stopRestoring();
  const deadline = performance.now() + 15_000;
  let running = true;
  const stop = (): void => {
    running = false;
    restoring = undefined;
    for (const type of INTENTS) window.removeEventListener(type, stop);
  };
  restoring = stop;
  for (const type of INTENTS) window.addEventListener(type, stop, { passive: true, once: true });
  const attempt = (): void => {
    if (!running) return;
    const reachable = document.documentElement.scrollHeight - window.innerHeight;
    if (reachable >= target) window.scrollTo(0, target);
    if (performance.now() > deadline || (reachable >= target && Math.abs(window.scrollY - target) < 2)) stop();
    else requestAnimationFrame(attempt);
  };
  requestAnimationFrame(attempt);
}

const INTENTS = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;
