/** What kind of instruction made a layer. `base` is the file system the image starts from. */
export type CommandKind = 'base' | 'run' | 'copy' | 'add' | 'meta' | 'unknown';

/** What each kind is called where no keyword says it. */
export const KIND_WORDS: Record<CommandKind, string> = {
  base: 'base', run: 'RUN', copy: 'COPY', add: 'ADD', meta: 'setting', unknown: 'layer',
};

export interface Command {
  kind: CommandKind;
  /** The Dockerfile keyword, where there is one: RUN, COPY, ENV, ... */
  keyword: string;
  /** What follows the keyword, without the builder's wrapping. */
  body: string;
}

const KEYWORDS = new Set([
  'ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'LABEL', 'MAINTAINER', 'ONBUILD', 'RUN',
  'SHELL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR',
]);

/** Reads `created_by` of a history entry as the classic builder, BuildKit and others write it. */
export function parseCommand(createdBy: string | undefined): Command {
  const text = withoutMark((createdBy ?? '').trim());
  if (text === '') return { kind: 'unknown', keyword: '', body: '' };
  const nop = /^(?:\/bin\/sh -c )?#\(nop\)\s*/.exec(text);
  const bare = nop ? text.slice(nop[0].length) : text;
  const word = /^([A-Z]+)(?=\s|$)/.exec(bare)?.[1];
  if (word && KEYWORDS.has(word)) {
    return { kind: kindOf(word), keyword: word, body: unwrap(word, bare.slice(word.length).trim()) };
  }
  const shell = shellLength(text);
  if (shell > 0) return { kind: 'run', keyword: 'RUN', body: text.slice(shell).trim() };
  return { kind: 'unknown', keyword: '', body: text };
}

const MARK = '# buildkit';

function withoutMark(text: string): string {
  return text.endsWith(MARK) ? text.slice(0, -MARK.length).trimEnd() : text;
}

const COUNT = /\|\d+ /y;
const ARGUMENT = /[^\s=]+=(?:"[^"]*"|\S*) /y;
const SHELL = /\/bin\/(?:ba|a|da)?sh (?:-[a-z]*o pipefail |-[a-z]+ )*-[a-z]*c /y;

/**
 * Length of the shell that the builder put before a command, build arguments included; 0 where there is none. The arguments are read
 * one by one, never given back: a publisher must not be able to make one pattern try all the ways to cut them.
 */
function shellLength(text: string): number {
  const counted = endOf(COUNT, text, 0);
  let at = counted;
  for (let next = at; counted > 0 && next > 0; next = endOf(ARGUMENT, text, at)) at = next;
  return endOf(SHELL, text, at);
}

/** Where a sticky pattern that matches at `at` ends; 0 where it does not match. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : 0;
}

function unwrap(keyword: string, body: string): string {
  return keyword === 'RUN' ? body.slice(shellLength(body)).trim() : body;
}

function kindOf(keyword: string): CommandKind {
  if (keyword === 'RUN') return 'run';
  if (keyword === 'COPY') return 'copy';
  if (keyword === 'ADD') return 'add';
  if (keyword === 'FROM') return 'base';
  return 'meta';
}

/**
 * A shell command cut after `&&`, `||`, `;` and `|` at its outer level, one step a line, so that it can be read.
 * Quotes, escapes, substitutions and blocks stay whole. Only for reading: the text is never run.
 */
export function splitShell(body: string): string[] {
  const lines: string[] = [];
  let line = '';
  let depth = 0;
  let quote = '';
  const push = (): void => {
    const trimmed = line.trim().replace(/^(&&|\|\|)\s*/, '$1 ');
    if (trimmed !== '') lines.push(trimmed);
    line = '';
  };
  for (let at = 0; at < body.length; at += 1) {
    const character = body[at] as string;
    if (character === '\\' && quote !== "'") {
      const next = body[at + 1];
      at += 1;
      line += next === '\n' ? ' ' : character + (next ?? '');
    } else if (quote !== '') {
      line += character;
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"' || character === '`') {
      quote = character;
      line += character;
    } else if (character === '(' || character === '{') {
      depth += 1;
      line += character;
    } else if (character === ')' || character === '}') {
      depth = Math.max(0, depth - 1);
      line += character;
    } else if (depth === 0 && (character === '\n' || character === ';')) {
      // `;;` ends a branch of a `case`.
      const end = body.startsWith(';;', at) ? ';;' : ';';
      if (character === ';') line = line.trimEnd() + end;
      at += character === ';' ? end.length - 1 : 0;
      push();
    } else if (depth === 0 && (body.startsWith('&&', at) || body.startsWith('||', at))) {
      push();
      line = body.slice(at, at + 2);
      at += 1;
    } else {
      line += character === '\t' ? ' ' : character;
    }
  }
  push();
  return lines;
}
