export type ImageTab = 'layers' | 'config' | 'manifest' | 'referrers' | 'platforms';
export type RepositorySort = 'name' | '-name' | 'registry';
export type TagSort = '-version' | 'version' | 'registry';

/** A tag, or a digest. */
export type Target = { tag: string } | { digest: string };

export type Route =
  | { view: 'registries' }
  | { view: 'repositories'; registry: string; q: string; sort: RepositorySort; flat: boolean }
  | { view: 'tags'; registry: string; repository: string; q: string; sort: TagSort }
  | { view: 'image'; registry: string; repository: string; target: Target; platform: string; tab: ImageTab; layer: string }
  | { view: 'unknown'; path: string };

export type RouteOf<View extends Route['view']> = Extract<Route, { view: View }>;

const TABS: readonly ImageTab[] = ['layers', 'config', 'manifest', 'referrers', 'platforms'];
const REPOSITORY_SORTS: readonly RepositorySort[] = ['name', '-name', 'registry'];
const TAG_SORTS: readonly TagSort[] = ['-version', 'version', 'registry'];

/** Reads an address. What a query leaves out or misspells has its default: a shared link never fails for a detail. */
export function parseRoute(pathname: string, search: string): Route {
  if (pathname === '/' || pathname === '/index.html') return { view: 'registries' };
  const query = new URLSearchParams(search);
  const unknown: Route = { view: 'unknown', path: pathname };
  const match = /^\/r\/([^/]+)(?:\/(.*))?$/.exec(pathname);
  const registry = decode(match?.[1] ?? '');
  const rest = decode(match?.[2] ?? '');
  if (!match || !registry || rest === undefined) return unknown;
  if (rest === '') {
    return { view: 'repositories', registry, q: query.get('q') ?? '', sort: oneOf(REPOSITORY_SORTS, query.get('sort')), flat: query.get('flat') === '1' };
  }
  const { repository, target } = splitReference(rest);
  if (!isRepository(repository)) return unknown;
  if (!target) return { view: 'tags', registry, repository, q: query.get('q') ?? '', sort: oneOf(TAG_SORTS, query.get('sort')) };
  return {
    view: 'image', registry, repository, target,
    platform: query.get('platform') ?? '', tab: oneOf(TABS, query.get('view')), layer: query.get('layer') ?? '',
  };
}

/** The address of a route; defaults are left out. */
export function formatRoute(route: Route): string {
  switch (route.view) {
    case 'registries': return '/';
    case 'unknown': return route.path;
    case 'repositories':
      return base(route.registry) + query({ q: route.q, sort: unless(route.sort, 'name'), flat: route.flat ? '1' : '' });
    case 'tags':
      return `${base(route.registry)}/${path(route.repository)}${query({ q: route.q, sort: unless(route.sort, '-version') })}`;
    case 'image':
      return `${base(route.registry)}/${path(route.repository)}${reference(route.target)}`
        + query({ platform: route.platform, view: unless(route.tab, 'layers'), layer: route.layer });
  }
}

export function repositoriesRoute(registry: string): RouteOf<'repositories'> {
  return { view: 'repositories', registry, q: '', sort: 'name', flat: false };
}

export function tagsRoute(registry: string, repository: string): RouteOf<'tags'> {
  return { view: 'tags', registry, repository, q: '', sort: '-version' };
}

export function imageRoute(registry: string, repository: string, target: Target): RouteOf<'image'> {
  return { view: 'image', registry, repository, target, platform: '', tab: 'layers', layer: '' };
}

/** One level up: image, tags, repositories, registries. */
export function parentRoute(route: Route): Route | undefined {
  switch (route.view) {
    case 'registries': return undefined;
    case 'image': return tagsRoute(route.registry, route.repository);
    case 'tags': return repositoriesRoute(route.registry);
    case 'repositories': case 'unknown': return { view: 'registries' };
  }
}

/** What the registry is asked for: the tag or the digest. */
export function targetText(target: Target): string {
  return 'tag' in target ? target.tag : target.digest;
}

/** `:1.2` or `@sha256:...`, as written after a repository name. */
export function targetSuffix(target: Target): string {
  return 'tag' in target ? `:${target.tag}` : `@${target.digest}`;
}

/** Reads `repository`, `repository:tag` or `repository@digest`, as a person types it. Undefined where it is none of them. */
export function parseReference(text: string): { repository: string; target?: Target } | undefined {
  const parts = splitReference(text.trim());
  return isRepository(parts.repository) ? parts : undefined;
}

// Names never contain ":" or "@", so the first of them ends the name. The SDK checks the rest before it builds a URL.
function splitReference(text: string): { repository: string; target?: Target } {
  const at = text.search(/[:@]/);
  if (at < 0) return { repository: text };
  const value = text.slice(at + 1);
  const repository = text.slice(0, at);
  if (value === '') return { repository };
  return { repository, target: text[at] === '@' ? { digest: value } : { tag: value } };
}

/** The name grammar of the distribution specification, so that no name can climb out of its path. */
function isRepository(name: string): boolean {
  return name.length <= 255 && /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/.test(name);
}

const base = (registry: string): string => `/r/${encodeURIComponent(registry)}`;
const path = (repository: string): string => repository.split('/').map(encodeURIComponent).join('/');
const unless = (value: string, standard: string): string => (value === standard ? '' : value);

function reference(target: Target): string {
  return 'tag' in target ? `:${encodeURIComponent(target.tag)}` : `@${target.digest.split(':').map(encodeURIComponent).join(':')}`;
}

function query(values: Record<string, string>): string {
  const entries = Object.entries(values).filter(([, value]) => value !== '');
  if (entries.length === 0) return '';
  const text = entries.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2F', '/').replaceAll('%3A', ':')}`);
  return `?${text.join('&')}`;
}

function oneOf<T extends string>(known: readonly T[], value: string | null): T {
  return known.find((candidate) => candidate === value) ?? (known[0] as T);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
