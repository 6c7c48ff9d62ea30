import { describe, expect, it } from 'vitest';
import { ALL_FILES } from '../src/analysis/files-query';
import { formatRoute, imageRoute, parentRoute, parseReference, parseRoute, type Route } from '../src/analysis/route';

const DIGEST = `sha256:${'a'.repeat(64)}`;

function reparse(route: Route): Route {
  const url = new URL(formatRoute(route), 'http://portal');
  return parseRoute(url.pathname, url.search);
}

describe('addresses', () => {
  it.each<Route>([
    { view: 'registries' },
    { view: 'repositories', registry: 'local', q: 'a b&c=/', sort: '-name', flat: true },
    { view: 'tags', registry: 'local', repository: 'team/app', q: 'v1%', sort: 'registry', ticked: ['1.0', 'v2'], show: 'untagged' },
    { view: 'regions', registry: 'local', name: { repository: 'team/app', target: { tag: '1.0' } } },
    { view: 'regions', registry: 'local', name: undefined },
    { view: 'image', registry: 'r 1', repository: 'a/b/c', target: { tag: 'v1.0' }, platform: 'linux/arm64/v8', tab: 'manifest', layer: '', files: ALL_FILES },
    { view: 'image', registry: 'local', repository: 'edge', target: { digest: DIGEST }, platform: '', tab: 'layers', layer: DIGEST, files: ALL_FILES },
    {
      view: 'image', registry: 'local', repository: 'edge', target: { tag: '1' }, platform: '', tab: 'files', layer: '3',
      files: { path: 'a b/ü&=?#/%2f,c', changes: ['added', 'deleted'], min: 1048576, q: 'x y', sort: '-size' },
    },
    {
      view: 'compare', registry: 'local', left: { repository: 'team/app', target: { tag: '1' } }, right: { repository: 'team/app', target: { digest: DIGEST } },
      platform: 'linux/arm64', compare: { kinds: ['changed'], q: 'lib', sort: 'path', path: 'usr/lib/x' },
    },
  ])('%j survives', (route) => expect(reparse(route)).toEqual(route));

  it('leaves defaults out', () => {
    expect(formatRoute(imageRoute('local', 'team/app', { tag: '1' }))).toBe('/r/local/team/app:1');
    expect(formatRoute(imageRoute('local', 'team/app', { digest: DIGEST }))).toBe(`/r/local/team/app@${DIGEST}`);
  });
  it('reads what it does not know as the default', () => {
    expect(parseRoute('/r/local/app:1', '?view=%3Cscript%3E')).toMatchObject({ view: 'image', tab: 'layers' });
    expect(parseRoute('/r/local', '?sort=x')).toMatchObject({ sort: 'name' });
  });
  it.each(['/x', '/r/', '/r/%E0%A4%A', '/r/local/../../api', '/r/local/%2e%2e/x', '/r/local/UPPER', '/r/local/a//b'])('%s is nothing', (path) => {
    expect(parseRoute(path, '').view).toBe('unknown');
  });
  it('goes up one level', () => {
    const image = imageRoute('local', 'team/app', { tag: '1' });
    expect(parentRoute(image)).toMatchObject({ view: 'tags' });
    expect(parentRoute({ view: 'registries' })).toBeUndefined();
  });
  it('reads references as typed', () => {
    expect(parseReference(' team/app:1.0 ')).toEqual({ repository: 'team/app', target: { tag: '1.0' } });
    expect(parseReference(`app@${DIGEST}`)).toEqual({ repository: 'app', target: { digest: DIGEST } });
    expect(parseReference('Team/App')).toBeUndefined();
  });
});
