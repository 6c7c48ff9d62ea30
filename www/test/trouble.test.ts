import type { ErrorKind } from 'portolan';
import { describe, expect, it } from 'vitest';
import { describeTrouble, type Scene, type TroubleState } from '../src/analysis/trouble';

const scene: Scene = { what: 'tags of team/app', mode: 'relay', registryHost: 'r.example', scope: 'repository:team/app:pull' };

function state(kind: string, at: Scene = scene): ReturnType<typeof describeTrouble> {
  return describeTrouble({ kind, message: 'words', retryable: false }, at);
}

describe('describeTrouble', () => {
  it.each<[ErrorKind, TroubleState]>([
    ['Denied', 'denied'], ['Unauthorized', 'denied'], ['RealmNotTrusted', 'denied'], ['NotFound', 'missing'], ['RateLimited', 'busy'], ['Network', 'unreachable'], ['Tls', 'unreachable'],
    ['BlockedByBrowser', 'blocked'], ['LimitExceeded', 'too-large'], ['DigestMismatch', 'unverified'], ['SizeMismatch', 'unverified'], ['InvalidJson', 'broken'], ['Insecure', 'refused'],
  ])('%s is %s', (kind, expected) => expect(state(kind).state).toBe(expected));

  it('names the scope and the way to sign in', () => {
    const trouble = state('Denied');
    expect(trouble.steps.join(' ')).toContain('repository:team/app:pull');
    expect(trouble.remedy).toBe('docker login r.example');
    expect(state('Denied', { ...scene, mode: 'direct' }).remedy).toBeUndefined();
  });
  it('shows both digests of a failed verification', () => {
    const [expected, found] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];
    expect(describeTrouble({ kind: 'DigestMismatch', message: `expected ${expected}, found ${found}`, retryable: false }, scene).digests).toEqual({ expected, found });
  });
  it('tells a registry that the relay cannot reach from one that answers with an error', () => {
    const relayed = { kind: 'Unavailable', code: 'PORTAL_UPSTREAM_UNREACHABLE', status: 502, message: 'no connection', retryable: true };
    expect(describeTrouble(relayed, scene).state).toBe('unreachable');
    expect(describeTrouble({ ...relayed, code: 'UNKNOWN' }, scene).state).toBe('busy');
  });
  it.each(['constructor', 'toString', '__proto__'])('U05: takes the code %s of a registry for a code', (code) => {
    expect(describeTrouble({ kind: 'Denied', code, message: 'words', retryable: false }, scene)).toMatchObject({ state: 'denied', title: state('Denied').title });
  });
  it('bears kinds of a later SDK and things that are no errors', () => {
    expect(state('FromTheFuture').state).toBe('broken');
    expect(describeTrouble(null, scene).state).toBe('broken');
    expect(describeTrouble(new TypeError('x is undefined'), scene).facts).toBe('Misuse');
  });
  it('U01 U03: a message is data, visible and capped', () => {
    const trouble = describeTrouble({ kind: 'Denied', message: `\u202e${'x'.repeat(5000)}`, retryable: false, host: '\u0007' }, scene);
    expect(trouble.detail.startsWith('\\u{202e}')).toBe(true);
    expect(trouble.detail.length).toBeLessThan(1010);
    expect(trouble.facts).not.toContain('\u0007');
  });
});
