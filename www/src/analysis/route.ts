import {
  ALL_DIFFERENCES, ALL_FILES, formatCompareQuery, formatFilesQuery, oneOf, parseCompareQuery, parseFilesQuery, type CompareQuery, type FilesQuery,
} from './files-query';

export type ImageTab = 'layers' | 'files' | 'waste' | 'config' | 'manifest' | 'referrers' | 'platforms' | 'attributes';
export type RepositorySort = 'name' | '-name' | 'registry';
export type TagSort = '-version' | 'version' | 'registry';

/** What of a repository is listed: its tags, or the manifests that none names. */
export type TagsShow = 'tags' | 'untagged';

/** A tag, or a digest. */
export type Target = { tag: string } | { digest: string };

/** A repository and what of it. */
export interface ImageName { repository: string; target: Target }

export type Route =
  | { view: 'registries' }
  | { view: 'repositories'; registry: string; q: string; sort: RepositorySort; flat: boolean }
  | { view: 'tags'; registry: string; repository: string; q: string; sort: TagSort; ticked: readonly string[]; show: TagsShow }
  | { view: 'image'; registry: string; repository: string; target: Target; platform: string; tab: ImageTab; layer: string; files: FilesQuery }
  | { view: 'compare'; registry: string; left: ImageName; right: ImageName; platform: string; compare: CompareQuery }
  | { view: 'regions'; registry: string; name?: ImageName }
  | { view: 'unknown'; path: string };

export type RouteOf<View extends Route['view']> = Extract<Route, { view: View }>;

const TABS: readonly ImageTab[] = ['layers', 'files', 'waste', 'config', 'manifest', 'referrers', 'platforms', 'attributes'];
const REPOSITORY_SORTS: readonly RepositorySort[] = ['name', '-name', 'registry'];
const TAGS_SHOWS: readonly TagsShow[] = ['tags', 'untagged'];
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
  if (rest === COMPARE) return parseCompare(registry, query) ?? unknown;
  if (rest === REGIONS) return { view: 'regions', registry, name: parseName(query.get('name')) };
  const { repository, target } = splitReference(rest);
  if (!isRepository(repository)) return unknown;
  if (!target) {
    const ticked = (query.get('tick') ?? '').split(',').filter((tag) => tag !== '').slice(0, MOST_TICKED);
    return { view: 'tags', registry, repository, q: query.get('q') ?? '', sort: oneOf(TAG_SORTS, query.get('sort')), ticked, show: oneOf(TAGS_SHOWS, query.get('show')) };
  }
  return {
    view: 'image', registry, repository, target, platform: query.get('platform') ?? '', tab: oneOf(TABS, query.get('view')),
    layer: query.get('layer') ?? '', files: parseFilesQuery(query),
  };
}

/** No repository is called so: a component of a name begins with a letter or a digit. */
const COMPARE = '-/compare';
const REGIONS = '-/replicas';
/** As many tags as can be compared. */
const MOST_TICKED = 2;

function parseName(text: string | null): ImageName | undefined {
  const parsed = parseReference(text ?? '');
  return parsed?.target ? { repository: parsed.repository, target: parsed.target } : undefined;
}

function parseCompare(registry: string, query: URLSearchParams): RouteOf<'compare'> | undefined {
  const [left, right] = ['left', 'right'].map((side) => parseReference(query.get(side) ?? ''));
  if (!left?.target || !right?.target) return undefined;
  const platform = query.get('platform') ?? '';
  return { view: 'compare', registry, left: left as ImageName, right: right as ImageName, platform, compare: parseCompareQuery(query) };
}

/** The address of a route; defaults are left out. */
export function formatRoute(route: Route): string {
  switch (route.view) {
    case 'registries': return '/';
    case 'unknown': return route.path;
    case 'repositories':
      return base(route.registry) + query({ q: route.q, sort: unless(route.sort, 'name'), flat: route.flat ? '1' : '' });
    case 'tags':
      return `${base(route.registry)}/${path(route.repository)}${query({ q: route.q, sort: unless(route.sort, '-version'), tick: route.ticked.join(','), show: unless(route.show, 'tags') })}`;
    case 'image':
      return `${base(route.registry)}/${path(route.repository)}${reference(route.target)}`
        + query({ platform: route.platform, view: unless(route.tab, 'layers'), layer: route.layer, ...formatFilesQuery(route.files) });
    case 'regions': return `${base(route.registry)}/${REGIONS}${query({ name: route.name ? nameText(route.name) : '' })}`;
    case 'compare': {
      const { left, right, platform, compare } = route;
      return `${base(route.registry)}/${COMPARE}${query({ left: nameText(left), right: nameText(right), platform, ...formatCompareQuery(compare) })}`;
    }
  }
}

export function repositoriesRoute(registry: string): RouteOf<'repositories'> {
  return { view: 'repositories', registry, q: '', sort: 'name', flat: false };
}

export function tagsRoute(registry: string, repository: string): RouteOf<'tags'> {
  return { view: 'tags', registry, repository, q: '', sort: '-version', ticked: [], show: 'tags' };
}

export function imageRoute(registry: string, repository: string, target: Target): RouteOf<'image'> {
  return { view: 'image', registry, repository, target, platform: '', tab: 'layers', layer: '', files: ALL_FILES };
}

export function regionsRoute(registry: string, name?: ImageName): RouteOf<'regions'> {
  return { view: 'regions', registry, name };
}

export function compareRoute(registry: string, left: ImageName, right: ImageName): RouteOf<'compare'> {
  return { view: 'compare', registry, left, right, platform: '', compare: ALL_DIFFERENCES };
}

/** One level up: from a path to the directory that holds it; then image, tags, repositories, registries. */
export function parentRoute(route: Route): Route | undefined {
  switch (route.view) {
    case 'registries': return undefined;
    case 'image': return insideImage(route) ?? tagsRoute(route.registry, route.repository);
    case 'compare': return route.compare.path ? { ...route, compare: { ...route.compare, path: '' } } : tagsRoute(route.registry, route.left.repository);
    case 'tags': return route.show === 'tags' ? repositoriesRoute(route.registry) : tagsRoute(route.registry, route.repository);
    case 'regions': return route.name ? imageRoute(route.registry, route.name.repository, route.name.target) : repositoriesRoute(route.registry);
    case 'repositories': case 'unknown': return { view: 'registries' };
  }
}

function insideImage(route: RouteOf<'image'>): Route | undefined {
  const { files, tab } = route;
  if (tab !== 'files') return undefined;
  if (files.path) return { ...route, files: { ...files, path: files.path.slice(0, Math.max(0, files.path.lastIndexOf('/'))) } };
  return files.q || route.layer ? { ...route, layer: '', files: { ...files, q: '', changes: [] } } : undefined;
}

/** What the registry is asked for: the tag or the digest. */
export function targetText(target: Target): string {
  return 'tag' in target ? target.tag : target.digest;
}

/** `:1.2` or `@sha256:...`, as written after a repository name. */
export function targetSuffix(target: Target): string {
  return 'tag' in target ? `:${target.tag}` : `@${target.digest}`;
}

/** `team/app:1.2`, as a person writes it. */
export function nameText({ repository, target }: ImageName): string {
  return repository + targetSuffix(target);
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
  const text = entries.map(([name, value]) => `${name}=${encodeURIComponent(value).replace(PLAIN, decodeURIComponent)}`);
  return `?${text.join('&')}`;
}

/** Characters that a query may hold as they are, and that make paths, references and lists readable. */
const PLAIN = /%(?:2F|3A|2C|40)/g;

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
