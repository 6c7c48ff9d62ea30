import { describe, expect, it } from 'vitest';
import { cap, segments, visible } from '../src/analysis/text';
import { safeLink } from '../src/analysis/links';

describe('U01 U03: registry text is data', () => {
  it('leaves markup alone: it is text, and drawn as text', () => expect(visible('<script>alert(1)</script>')).toBe('<script>alert(1)</script>'));
  it.each([
    ['a\u202eb', 'a\\u{202e}b'], ['\u2066x\u2069', '\\u{2066}x\\u{2069}'], ['zero\u200bwidth', 'zero\\u{200b}width'], ['esc\u001b[31m', 'esc\\u{001b}[31m'],
    ['line\nfeed', 'line\\nfeed'], ['c1\u009b', 'c1\\u{009b}'], ['tag\u{e0041}', 'tag\\u{e0041}'], ['lone\ud800', 'lone\\u{d800}'], ['bom\ufeff', 'bom\\u{feff}'],
  ])('makes %j visible', (text, shown) => expect(visible(text)).toBe(shown));
  it('keeps languages and emoji', () => expect(visible('日本語 עברית 🚢 é')).toBe('日本語 עברית 🚢 é'));
  it('keeps lines and tabs in blocks, but no carriage return', () => expect(visible('a\n\tb\r', { lines: true })).toBe('a\n\tb\\r'));
  it('tells escapes from text that looks like one', () => {
    expect(segments('\\u{202e}')).toEqual([{ text: '\\u{202e}', escape: false }]);
    expect(segments('\u202e')).toEqual([{ text: '\\u{202e}', escape: true }]);
  });
  it('caps without splitting a pair', () => {
    expect(cap('🚢🚢', 3)).toBe('🚢…');
    expect(cap('short', 10)).toBe('short');
  });
  it('is fast on 4 MiB', () => {
    const started = performance.now();
    visible(cap('x\u202e'.repeat(2_000_000), 300));
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('U02: links', () => {
  it.each(['javascript:alert(1)', 'data:text/html,x', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'vbscript:x', 'file:///etc/passwd', '//host/x', 'https://user:pass@host/',
    'https://', `https://host/${'x'.repeat(3000)}`])('%s is none', (text) => expect(safeLink(text)).toBeUndefined());
  it('http and https are, with their host', () => {
    expect(safeLink('https://git.example/team?x=1')).toEqual({ href: 'https://git.example/team?x=1', host: 'git.example' });
    expect(safeLink('HTTP://git.example:8080')?.host).toBe('git.example:8080');
  });
  it('shows look-alike hosts in their ASCII form', () => expect(safeLink('https://gіt.example/')?.host).toMatch(/^xn--/));
});
