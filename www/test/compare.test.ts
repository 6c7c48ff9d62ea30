import type { ImageConfig } from 'portolan';
import { describe, expect, it } from 'vitest';
import { fakeImage, PLATFORMS } from '../dev/fake-data';
import { configDifferences } from '../src/analysis/config-diff';
import { formatDelta } from '../src/analysis/format';
import { bands, layerDifference } from '../src/analysis/layer-diff';

const amd64 = PLATFORMS[0] ?? { os: 'linux', architecture: 'amd64' };
const [a, b] = [fakeImage('a', amd64), fakeImage('b', amd64)];

function config(more: Partial<ImageConfig>): ImageConfig {
  const known = a.config;
  if (!known) throw new Error('the image has a config');
  return { ...known, ...more };
}

describe('configs', () => {
  it('says nothing of equal ones', () => expect(configDifferences(a.config, a.config)).toEqual([]));

  it('tells what is set, unset and changed', () => {
    const found = configDifferences(
      config({ env: ['A=1', 'B=2', 'B=3', 'BARE'], labels: { x: '' }, exposedPorts: ['80/tcp'], user: 'root', entrypoint: ['a', 'b c'] }),
      config({ env: ['A=1', 'B=4', 'C='], labels: {}, exposedPorts: ['443/tcp'], user: undefined, entrypoint: ['a', 'b', 'c'] }),
    );
    expect(found).toEqual([
      { group: 'Runs', name: 'Entrypoint', left: '["a","b c"]', right: '["a","b","c"]' },
      { group: 'Runs', name: 'User', left: 'root', right: undefined },
      { group: 'Environment', name: 'B', left: '3', right: '4' },
      { group: 'Environment', name: 'BARE', left: '', right: undefined },
      { group: 'Environment', name: 'C', left: undefined, right: '' },
      { group: 'Ports', name: '80/tcp', left: '80/tcp', right: undefined },
      { group: 'Ports', name: '443/tcp', left: undefined, right: '443/tcp' },
      { group: 'Labels', name: 'x', left: '', right: undefined },
    ]);
  });

  it('takes hostile names for names', () => {
    const found = configDifferences(config({ env: ['__proto__=1', 'constructor=x'] }), config({ env: [] }));
    expect(found.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
  });

  it('knows a side without a config', () => expect(configDifferences(undefined, a.config).every(({ left }) => left === undefined)).toBe(true));
});

describe('layers of two images', () => {
  it('has shared ones once, and the rest on its side', () => {
    const found = layerDifference(a, b);
    expect([found.shared.length, found.onlyLeft.length, found.onlyRight.length]).toEqual([3, 6, 6]);
    expect(found.sharedSize + found.leftSize).toBe(a.size);
    expect(found.sharedSize + found.rightSize).toBe(b.size);
    expect(bands(found).map(({ kind, left, right }) => [kind, left.length, right.length])).toEqual([['shared', 3, 3], ['apart', 6, 6]]);
  });

  it('finds nothing apart in the same image', () => {
    expect(bands(layerDifference(a, a))).toHaveLength(1);
  });

  it('pairs a layer that is there twice only as often as both have it', () => {
    const [first, second] = a.layers;
    if (!first || !second) throw new Error('the image has layers');
    const found = layerDifference({ ...a, layers: [first, first, second] }, { ...a, layers: [first, second] });
    expect([found.shared.length, found.onlyLeft.length, found.onlyRight.length]).toEqual([2, 1, 0]);
  });

  it('keeps the order where one side has something between', () => {
    const [first, second, third] = a.layers;
    if (!first || !second || !third) throw new Error('the image has layers');
    const found = layerDifference({ ...a, layers: [first, third] }, { ...a, layers: [first, second, third] });
    expect(bands(found).map(({ kind }) => kind)).toEqual(['shared', 'apart', 'shared']);
  });
});

it('writes differences with their sign', () => {
  expect([formatDelta(0), formatDelta(1024 * 1024), formatDelta(-512)]).toEqual(['±0 B', '+1.00 MiB', '−512 B']);
});
