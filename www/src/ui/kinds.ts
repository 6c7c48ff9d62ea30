import { html, svg } from 'lit';
import { KIND_WORDS, type CommandKind } from '../analysis/command';

interface KindLook { word: string; about: string }

const about = (kind: CommandKind, words: string): KindLook => ({ word: KIND_WORDS[kind], about: words });

/** What each kind of instruction is called where no keyword says it, and what it does. */
export const KINDS: Record<CommandKind, KindLook> = {
  base: about('base', 'the file system the image starts from'),
  run: about('run', 'made by a command'),
  copy: about('copy', 'copied from the build context or a stage'),
  add: about('add', 'added from the context or an address'),
  meta: about('meta', 'changes the config, makes no layer'),
  unknown: about('unknown', 'the config does not tell how it was made'),
};

/** The pattern of layers that other tags have, too, over the colour of every kind. Once per shadow root. */
export function kindPatterns(): unknown {
  return html`<svg class="visually-hidden" width="0" height="0" aria-hidden="true"><defs>${(Object.keys(KINDS) as CommandKind[]).map((kind) => svg`
    <pattern id=${`shared-${kind}`} width="7" height="7" patternUnits="userSpaceOnUse">
      <rect width="7" height="7" fill=${`var(--kind-${kind})`} /><path d="M-1 8L8 -1M3 12L12 3M-1 1L1 -1" stroke="var(--kind-hatch)" stroke-width="1.5" />
    </pattern>`)}</defs></svg>`;
}

/** How a layer is filled: the colour says what made it, the hatch that other tags share it. */
export function kindFill(kind: CommandKind, shared: boolean): string {
  return shared ? `url(#shared-${kind})` : `var(--kind-${kind})`;
}

/** The key to the drawing: only the kinds that are in it, and the hatch where something is hatched. */
export function kindLegend(kinds: ReadonlySet<CommandKind>, shared: boolean): unknown {
  const keys = (Object.keys(KINDS) as CommandKind[]).filter((kind) => kinds.has(kind)).map((kind) => html`
    <span class="key" title=${KINDS[kind].about}><svg width="16" height="12" aria-hidden="true"><rect width="16" height=${kind === 'meta' ? 2 : 12} y=${kind === 'meta' ? 5 : 0} fill=${kindFill(kind, false)} /></svg>${KINDS[kind].word}</span>`);
  return shared ? [...keys, html`<span class="key"><svg width="16" height="12" aria-hidden="true"><rect width="16" height="12" fill=${kindFill('unknown', true)} /></svg>hatched: other tags share it</span>`] : keys;
}
