import type { LayerFiles, TreemapNode } from 'portolan/layers';
import { describe, expect, it } from 'vitest';
import { fakeImage, PLATFORMS } from '../dev/fake-data';
import { flagSentences, instant, linkTarget, modeText, octalMode, ownerText, parentPath, pathSteps } from '../src/analysis/file-facts';
import { parseFilesQuery } from '../src/analysis/files-query';
import { decodeText, hexLines } from '../src/analysis/hex';
import { layerNames, layerOfKey, stepAt, stepKey } from '../src/analysis/layer-names';
import { layerGaps, layerVerdict } from '../src/analysis/layer-state';
import { joinPlans, planSentence, readSoFar, startOf, UNASKED } from '../src/analysis/opening';
import { isDrawable, pictureSize } from '../src/analysis/picture';
import { allowScript } from '../src/analysis/script-address';
import { nearestTags, sharedWith, sharing } from '../src/analysis/sharing';
import { imageSteps } from '../src/analysis/stack';
import { imageFacts } from '../src/analysis/tag-facts';
import { boxes, largest, neighbour } from '../src/analysis/treemap';

const amd64 = PLATFORMS[0] ?? { os: 'linux', architecture: 'amd64' };
const image = fakeImage('x', amd64);

const layer = (more: Partial<LayerFiles> = {}): LayerFiles => ({
  digest: 'sha256:x', size: 100, state: 'ready', source: 'layer', cached: false, downloaded: 100, diffId: 'match', entries: 3, content: 9, added: 3,
  changed: 0, deleted: 0, wasted: 0, notes: [], ...more,
});

describe('facts of a path', () => {
  it.each([
    ['directory', 0o755, 'drwxr-xr-x'], ['file', 0o4755, '-rwsr-xr-x'], ['file', 0o4644, '-rwSr--r--'], ['directory', 0o1777, 'drwxrwxrwt'],
    ['symlink', 0o777, 'lrwxrwxrwx'], ['fifo', 0, 'p---------'], ['char-device', 0o2660, 'crw-rwS---'], ['directory', 0o1770, 'drwxrwx--T'],
  ] as const)('%s %o is %s', (type, mode, text) => expect(modeText(type, mode)).toBe(text));

  it('says whose it is, and when', () => {
    expect([ownerText({ uid: 0, gid: 0 }), ownerText({ uid: 1000, gid: 1000 }), ownerText({ uid: 0, gid: 42 })]).toEqual(['root', '1000', '0:42']);
    expect(octalMode(0o755)).toBe('0755');
    expect(instant(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(instant(1e18)).toBeUndefined();
  });

  it('L06: follows links inside of the image only', () => {
    expect(linkTarget('usr/lib/a', '../../../../etc/shadow')).toBe('etc/shadow');
    expect(linkTarget('usr/lib/a', '/etc/./x')).toBe('etc/x');
    expect(linkTarget('usr/lib/a', 'b')).toBe('usr/lib/b');
    expect(linkTarget('a', '..')).toBe('');
  });

  it('takes paths apart', () => {
    expect(pathSteps('a/b/c')).toEqual(['a', 'a/b', 'a/b/c']);
    expect(pathSteps('')).toEqual([]);
    expect([parentPath('a/b'), parentPath('a'), parentPath('')]).toEqual(['a', '', '']);
  });

  it('names flags that this build does not know', () => {
    expect(flagSentences(['escapes', 'haunted'])).toHaveLength(2);
    expect(flagSentences(['haunted'])[0]).toContain('haunted');
  });

  it('reads a query that somebody typed', () => {
    expect(parseFilesQuery(new URLSearchParams('path=/usr/lib/&changes=deleted,x,added&min=-5&sort=y'))).toEqual({
      path: 'usr/lib', changes: ['added', 'deleted'], min: 0, q: '', sort: 'name',
    });
    expect(parseFilesQuery(new URLSearchParams('min=99999999999999999999')).min).toBe(0);
  });
});

describe('layers', () => {
  it('names layers, by digest or by place', () => {
    const steps = imageSteps(image);
    const names = layerNames(image);
    expect(names.map(({ digest }) => digest)).toEqual(image.layers.map(({ digest }) => digest));
    expect(layerOfKey(names, names[3]?.digest ?? '')?.place).toBe(3);
    expect(layerOfKey(names, '1')?.place).toBe(0);
    expect(layerOfKey(names, '2'), 'an instruction without a layer').toBeUndefined();
    expect(stepAt(steps, stepKey(steps, 4))).toBe(4);
    expect(stepAt(steps, '999')).toBe(-1);
  });

  it('addresses a layer that is there twice by its place', () => {
    const first = image.layers[0];
    if (!first) throw new Error('the image has layers');
    const twice = { ...image, layers: [first, first], historyMatches: false };
    expect(layerNames(twice).map(({ key }) => key)).toEqual(['1', '2']);
  });

  it('L11: a diff_id that does not match outweighs all else', () => {
    const verdict = layerVerdict(layer({ diffId: 'mismatch' }));
    expect(verdict.tone).toBe('danger');
    expect(verdict.sentence).toContain('diff_id');
  });

  it.each([
    [undefined, 'quiet', 'not read'], [layer(), 'good', 'verified'], [layer({ source: 'estargz', diffId: 'unchecked' }), 'quiet', 'contents not read'],
    [layer({ state: 'failed' }), 'caution', 'not read'], [layer({ state: 'partial' }), 'caution', 'read in part'], [layer({ state: 'reading' }), 'quiet', 'reading'],
  ] as const)('says what is known of it: %#', (of, tone, word) => expect(layerVerdict(of)).toMatchObject({ tone, word }));

  it('tells the gaps', () => {
    const layers = [layer(), layer({ state: 'failed' }), layer({ state: 'partial' }), layer({ diffId: 'mismatch' })];
    const gaps = layerGaps(layers);
    expect([gaps.failed, gaps.partial, gaps.mismatched].map((list) => list.length)).toEqual([1, 1, 1]);
  });
});

describe('opening', () => {
  const plan = (...layers: [size: number, cached: boolean][]) => ({
    layers: layers.map(([size, cached], at) => ({ digest: `sha256:${at}`, size, cached })), download: layers.reduce((sum, [size, cached]) => sum + (cached ? 0 : size), 0),
  });

  it('asks above the threshold only, and elsewhere for anything', () => {
    expect(startOf(plan([UNASKED, false]), true)).toBe('now');
    expect(startOf(plan([UNASKED + 1, false]), true)).toBe('ask');
    expect(startOf(plan([UNASKED * 9, true]), true)).toBe('now');
    expect(startOf(plan([1, false]), false)).toBe('ask');
    expect(startOf(plan([1, true]), false)).toBe('now');
  });

  it('says what it costs', () => {
    expect(planSentence(plan([1048576, false], [2, true], [3, true]))).toBe('1 layer, 1.00 MiB to download at the most; 2 layers are known already.');
    expect(planSentence(plan([5, true]))).toContain('nothing is to be downloaded');
  });

  it('counts what two images share once', () => {
    const both = joinPlans([plan([10, false], [20, false]), plan([10, false], [20, false], [30, false])]);
    expect([both.layers.length, both.download]).toEqual([3, 60]);
  });

  it('tells how far it is', () => {
    expect(readSoFar([layer(), layer({ state: 'waiting' })], 50, 200)).toEqual({ words: '1 of 2 layers read, 50 B of 200 B', share: 0.25 });
    expect(readSoFar([], 0, 0).share).toBe(1);
  });
});

describe('sharing', () => {
  it('counts tags by layer, and leaves out those that are this very image', () => {
    const facts = (seed: string) => imageFacts(fakeImage(seed, amd64));
    const found = sharing(image.manifest.digest, image.layers.map(({ digest }) => digest), [['same', facts('x')], ['a', facts('a')], ['b', facts('b')]]);
    expect([found.looked, found.same]).toEqual([2, ['same']]);
    expect(found.tags.get(image.layers[0]?.digest ?? '')).toEqual(['a', 'b']);
    expect(sharedWith(found, image.layers[0]?.digest ?? '')).toBe('Shared with 2 of the 2 other tags looked at');
    expect(sharedWith(found, image.layers[8]?.digest ?? '')).toContain('none of the 2');
  });

  it('looks at the neighbours of a tag', () => {
    const names = Array.from({ length: 100 }, (_, at) => String(at));
    expect(nearestTags(names, '50', 10)).toEqual(names.slice(45, 55));
    expect(nearestTags(names, '0', 10)).toEqual(names.slice(0, 10));
    expect(nearestTags(names, undefined, 4)).toEqual(['96', '97', '98', '99']);
    expect(nearestTags(['a'], 'a', 50)).toEqual(['a']);
  });
});

describe('the map', () => {
  const node = (name: string, size: number, children: TreemapNode[] = [], rest = { size: 0, count: 0 }): TreemapNode => ({ id: 1, name, size, type: 'file', layer: 0, children, rest });
  const tree = node('', 100, [node('a', 60, [node('b', 40), node('c', 20)]), node('d', 30)], { size: 10, count: 7 });

  it('covers its space in proportion, boxes within those they are in', () => {
    const found = boxes(tree, { width: 1000, height: 400 });
    const at = (path: string) => found.find((box) => box.path === path && !box.rest);
    expect(found.map(({ path }) => path)).toEqual(expect.arrayContaining(['a', 'a/b', 'a/c', 'd']));
    const area = (box?: { width: number; height: number }): number => (box ? box.width * box.height : 0);
    expect(area(at('a')) / area(at('d'))).toBeGreaterThan(1.8);
    expect(area(at('a')) / area(at('d'))).toBeLessThan(2.2);
    const [a, b] = [at('a'), at('a/b')];
    expect(b && a && b.x >= a.x && b.y > a.y && b.x + b.width <= a.x + a.width && b.y + b.height <= a.y + a.height).toBe(true);
    expect(found.filter((box) => box.rest)).toHaveLength(1);
  });

  it('draws nothing for nothing', () => {
    expect(boxes(node('', 0), { width: 100, height: 100 })).toEqual([]);
    expect(boxes(tree, { width: 0, height: 0 })).toEqual([]);
  });

  it('leads from box to box, and to none beyond the edge', () => {
    const found = boxes(tree, { width: 1000, height: 200 });
    const a = found.findIndex(({ path }) => path === 'a');
    const right = neighbour(found, a, 'ArrowRight');
    expect(found[right]?.depth).toBe(1);
    expect(neighbour(found, a, 'ArrowLeft')).toBe(-1);
  });

  it('names the largest', () => expect(largest(tree, 2)).toEqual([{ name: 'a', share: 0.6 }, { name: 'd', share: 0.3 }]));
});

describe('content', () => {
  it('shows bytes in lines of sixteen', () => {
    const lines = hexLines(new Uint8Array([0x41, 0, 0xff, ...new Array(15).fill(0x20)]), 18);
    expect(lines.map(({ offset }) => offset)).toEqual(['00000000', '00000010']);
    expect(lines[0]?.text.startsWith('A··')).toBe(true);
    expect(hexLines(new Uint8Array(100), 32)).toHaveLength(2);
  });

  it('reads text as UTF-8, without half a character at the cut', () => {
    const bytes = new TextEncoder().encode('aü');
    expect(decodeText(bytes.subarray(0, 2), false)).toBe('a');
    expect(decodeText(bytes.subarray(0, 2), true)).toBe('a\uFFFD');
    expect(decodeText(new Uint8Array([0xff]), true)).toBe('\uFFFD');
  });

  const png = (width: number, height: number): Uint8Array => {
    const bytes = new Uint8Array(24);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, 0x89504e47);
    bytes.set(new TextEncoder().encode('IHDR'), 12);
    view.setUint32(16, width);
    view.setUint32(20, height);
    return bytes;
  };

  it('knows the size of a picture before it is decoded, and draws no bombs', () => {
    expect(pictureSize(png(640, 480))).toEqual({ width: 640, height: 480 });
    expect(isDrawable({ width: 640, height: 480 })).toBe(true);
    expect(isDrawable({ width: 50_000, height: 50_000 })).toBe(false);
    expect(pictureSize(new Uint8Array([0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 10, 0, 20, 0]))).toEqual({ width: 10, height: 20 });
    expect(pictureSize(new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 30, 0, 40]))).toEqual({ width: 40, height: 30 });
  });

  it.each([[new Uint8Array()], [png(0, 0)], [png(1, 1).subarray(0, 20)], [new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0])], [new Uint8Array(64).fill(0xff)]])('takes no size from what has none: %#', (bytes) => {
    expect(pictureSize(bytes)).toBeUndefined();
  });
});

describe('scripts that may be loaded', () => {
  const own = 'https://portal.example/assets/index-abc.js';
  it.each(['https://portal.example/assets/worker-1.js', '/assets/worker.js', 'worker.js', './deep/worker.mjs'])('%s', (address) => {
    expect(allowScript(address, own)).toBe(new URL(address, own).href);
  });
  it.each([
    'https://evil.example/assets/worker.js', '//evil.example/assets/worker.js', 'http://portal.example/assets/worker.js', 'https://portal.example:8443/assets/worker.js',
    '/worker.js', '/assets/../api/registries/x.js', '../worker.js', '/assets/%2e%2e/api/x.js', '/assets/..%2fapi/x.js', '/assets/worker.js?x=1', '/assets/worker', '/assets/data.json',
    'data:text/javascript,alert(1)', 'blob:https://portal.example/1234', 'javascript:alert(1)', 'https://a:b@portal.example/assets/worker.js', 'https://',
  ])('not %s', (address) => expect(allowScript(address, own)).toBeNull());
});
