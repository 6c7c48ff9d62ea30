import type { Descriptor, Image } from 'portolan';
import { describe, expect, it } from 'vitest';
import { fakeArtifact, fakeDigest, fakeImage, fakeIndex, fakeReferrers, PLATFORMS } from '../dev/fake-data';
import { digestMark, isDigest, shortDigest } from '../src/analysis/digest';
import { digestRoles, ExactNumber, parseJson } from '../src/analysis/json';
import { imagePlatforms, referenceDigest, sortEntries } from '../src/analysis/platforms';
import { pullCommands } from '../src/analysis/pull';
import { groupReferrers } from '../src/analysis/referrers';
import { bars, imageSteps, strata } from '../src/analysis/stack';
import { imageFacts } from '../src/analysis/tag-facts';

const amd64 = PLATFORMS[0] ?? { os: 'linux', architecture: 'amd64' };
const image = fakeImage('x', amd64, fakeIndex('x'));

describe('imageSteps', () => {
  it('joins layers with the instructions between them, bottom first', () => {
    const steps = imageSteps(image);
    expect(steps).toHaveLength(image.config?.history.length ?? 0);
    expect(steps.filter((step) => step.layer).map((step) => step.layer?.digest)).toEqual(image.layers.map((layer) => layer.digest));
    expect(steps[0]).toMatchObject({ number: 1, command: { kind: 'base' } });
    expect(steps[1]).toMatchObject({ number: 0, layer: undefined, command: { kind: 'meta', keyword: 'CMD' } });
  });
  it('J12: tells only layers where history does not match', () => {
    const broken: Image = { ...image, historyMatches: false };
    expect(imageSteps(broken)).toHaveLength(image.layers.length);
  });
  it('J12: loses no layer where history is too short, and invents none where it is too long', () => {
    const config = image.config;
    if (!config) throw new Error('the image has a config');
    const short = { ...image, config: { ...config, history: config.history.slice(0, 3) } };
    expect(imageSteps(short).filter((step) => step.layer)).toHaveLength(image.layers.length);
    const long = { ...image, layers: image.layers.slice(0, 2) };
    expect(imageSteps(long).filter((step) => step.layer)).toHaveLength(2);
  });
});

describe('scales', () => {
  it('strata share one, bars reach it', () => {
    expect(strata([1n, 3n], 'linear')).toEqual([0.25, 0.75]);
    expect(bars([1n, 4n], 'linear')).toEqual([0.25, 1]);
    expect(strata([], 'linear')).toEqual([]);
    expect(bars([0n], 'log')).toEqual([0]);
  });
  it('log lifts the small ones and keeps the order', () => {
    const [small = 0, large = 0] = bars([100n * 1024n, 1024n ** 3n], 'log');
    expect(small).toBeGreaterThan(0.2);
    expect(small).toBeLessThan(large);
  });
});

describe('platforms, facts, commands', () => {
  it('keeps attestations out of the platforms', () => {
    expect(imagePlatforms(image)).toEqual(['linux/amd64', 'linux/arm64/v8', 'linux/s390x']);
    expect(sortEntries(image.index?.manifests ?? []).attestations).toHaveLength(1);
  });
  it('names the index where there is one', () => {
    expect(referenceDigest(image)).toBe(image.index?.digest);
    expect(referenceDigest({ ...image, index: undefined })).toBe(image.manifest.digest);
  });
  it('tells an artifact from an image', () => {
    expect(imageFacts(fakeArtifact('c'))).toMatchObject({ platforms: [], artifact: 'application/vnd.cncf.helm.chart' });
    expect(imageFacts(image)).toMatchObject({ size: image.size, artifact: undefined });
  });
  it('writes pull commands', () => {
    const input = { host: 'h:5000', repository: 'team/app', target: { tag: '1' }, plainHttp: true, platform: 'linux/arm64/v8' };
    expect(pullCommands(input).map(({ command }) => command)).toEqual([
      'docker pull --platform linux/arm64/v8 h:5000/team/app:1',
      'podman pull --tls-verify=false --platform linux/arm64/v8 h:5000/team/app:1',
      'skopeo --override-os linux --override-arch arm64 --override-variant v8 copy --src-tls-verify=false docker://h:5000/team/app:1 oci:app',
      'crane pull --insecure --platform linux/arm64/v8 h:5000/team/app:1 app.tar',
    ]);
  });
  it('does not send artifacts to what runs containers', () => {
    const input = { host: 'h:5000', repository: 'team/app', target: { tag: '1.0_b2' }, plainHttp: true };
    expect(pullCommands({ ...input, artifact: 'application/spdx+json' }).map(({ command }) => command)).toEqual([
      'oras pull --plain-http h:5000/team/app:1.0_b2', 'skopeo copy --src-tls-verify=false docker://h:5000/team/app:1.0_b2 oci:app',
    ]);
    const chart = { ...input, artifact: 'application/vnd.cncf.helm.config.v1+json' };
    expect(pullCommands(chart)[0]?.command).toBe('helm pull --plain-http oci://h:5000/team/app --version 1.0+b2');
    expect(pullCommands({ ...chart, target: { digest: 'sha256:1' } }).map(({ id }) => id)).toEqual(['skopeo']);
  });
  it('U01: keeps a platform one word of the command, whoever named it', () => {
    const evil = "linux/$(touch owned)';touch owned;'\n\u001b[201~touch owned\r/x";
    for (const { command } of pullCommands({ host: 'h', repository: 'a', target: { tag: '1' }, plainHttp: false, platform: evil })) {
      // eslint-disable-next-line no-control-regex
      expect(command).not.toMatch(/[\u0000-\u001f]/);
      // What a shell would act on is what is left outside of single quotes.
      expect(command.replace(/'[^']*'|\\'/g, '')).not.toMatch(/[$;`|&()<>]|touch/);
    }
  });
  it('warns of missing TLS, except on loopback', () => {
    const note = (host: string): string | undefined => pullCommands({ host, repository: 'a', target: { tag: '1' }, plainHttp: true })[0]?.note;
    expect([note('127.0.0.1:5000'), note('localhost'), note('[::1]:5000')]).toEqual([undefined, undefined, undefined]);
    expect(note('127.example.com')).toContain('insecure-registries');
  });
  it('groups referrers', () => {
    const groups = groupReferrers(fakeReferrers('x'));
    expect(Object.values(groups).map((group: Descriptor[]) => group.length)).toEqual([2, 1, 1, 1]);
  });
});

describe('digests and documents', () => {
  it('knows a digest', () => {
    expect([isDigest(fakeDigest('a')), isDigest('sha256:abc'), isDigest('sha256:../../x'), isDigest('latest')]).toEqual([true, false, false, false]);
    expect(shortDigest(`sha256:${'0123456789abcdef'.repeat(4)}`)).toBe('0123456789ab');
  });
  it('marks the same digest the same, and others otherwise', () => {
    expect(digestMark(fakeDigest('a'))).toEqual(digestMark(fakeDigest('a')));
    const marks = new Set(Array.from({ length: 200 }, (_, at) => JSON.stringify(digestMark(fakeDigest(`m${at}`)))));
    expect(marks.size).toBeGreaterThan(195);
  });
  it('links what a manifest names, and nothing else', () => {
    const document = parseJson(image.manifest.bytes) ?? null;
    const roles = digestRoles(document);
    expect(roles.get(image.manifest.config.digest)).toBe('config');
    expect([...roles.values()].filter((role) => role === 'layer')).toHaveLength(image.layers.length);
    expect(digestRoles({ layers: [{ digest: 'sha256:../evil' }], annotations: { digest: fakeDigest('q') } }).size).toBe(0);
  });
  it('keeps numbers exact where the engine gives their source', () => {
    const parsed = parseJson(new TextEncoder().encode('{"size": 12}')) as { size: ExactNumber };
    expect(parsed.size).toBeInstanceOf(ExactNumber);
    expect(parsed.size.source).toBe('12');
    expect(parseJson(new Uint8Array([0xff]))).toBeUndefined();
  });
});
