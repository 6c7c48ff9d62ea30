import { describe, expect, it } from 'vitest';
import { parseCommand, splitShell } from '../src/analysis/command';

describe('parseCommand', () => {
  it.each([
    ['/bin/sh -c #(nop) ADD file:abc in / ', 'add', 'ADD', 'file:abc in /'],
    ['/bin/sh -c #(nop)  CMD ["bash"]', 'meta', 'CMD', '["bash"]'],
    ['/bin/sh -c apt-get update', 'run', 'RUN', 'apt-get update'],
    ['RUN /bin/sh -c make install # buildkit', 'run', 'RUN', 'make install'],
    ['RUN |1 V=1 /bin/sh -c echo $V # buildkit', 'run', 'RUN', 'echo $V'],
    ['|2 A=1 B="x y" /bin/bash -o pipefail -c true', 'run', 'RUN', 'true'],
    ['/bin/bash -eo pipefail -c true', 'run', 'RUN', 'true'],
    ['COPY . /app # buildkit', 'copy', 'COPY', '. /app'],
    ['ENV A=b', 'meta', 'ENV', 'A=b'],
    ['debootstrap bookworm', 'unknown', '', 'debootstrap bookworm'],
    [undefined, 'unknown', '', ''],
  ])('%s', (text, kind, keyword, body) => expect(parseCommand(text)).toEqual({ kind, keyword, body }));
  it.each([
    ['build arguments that can be cut in many ways', `|9 ${'a="b" '.repeat(200_000)}x`],
    ['an argument without an end', `|1 ${'='.repeat(1_000_000)}`],
    ['opened quotes', `|1 ${'a="x '.repeat(200_000)}`],
    ['a megabyte of spaces', `x${' '.repeat(1_000_000)}x`],
    ['options without a command', `/bin/sh ${'-eo pipefail -x '.repeat(60_000)}`],
  ])('U03: is not held up by %s', (_name, text) => {
    const started = performance.now();
    parseCommand(text);
    parseCommand(`RUN ${text}`);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('splitShell', () => {
  it('cuts after the outer steps', () => {
    expect(splitShell('set -eux;   apt-get update && apt-get install -y curl || true; rm -rf /tmp/*')).toEqual(['set -eux;', 'apt-get update', '&& apt-get install -y curl', '|| true;', 'rm -rf /tmp/*']);
  });
  it('leaves quotes, substitutions and blocks whole', () => {
    expect(splitShell(`echo "a && b; c" && (cd x; make && make install) && echo 'd;e' $(a; b)`)).toEqual([
      'echo "a && b; c"', '&& (cd x; make && make install)', "&& echo 'd;e' $(a; b)"]);
  });
  it('keeps the branches of a case', () => {
    expect(splitShell('case x in a) b ;; *) c; d ;; esac && e')).toEqual(['case x in a) b;;', '*) c;', 'd;;', 'esac', '&& e']);
  });
  it('joins continued lines and bears what never ends', () => {
    expect(splitShell('a \\\n  b && "c')).toEqual(['a    b', '&& "c']);
    expect(splitShell(')))')).toEqual([')))']);
  });
});
