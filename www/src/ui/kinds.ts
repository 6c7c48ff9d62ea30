import { html, svg } from 'lit';
import type { CommandKind } from '../analysis/command';

interface KindLook { word: string; about: string }

/** What each kind of instruction is called where no keyword says it. */
export const KINDS: Record<CommandKind, KindLook> = {
  base: { word: 'base', about: 'the file system the image starts from' },
  run: { word: 'RUN', about: 'made by a command' },
  copy: { word: 'COPY', about: 'copied from the build context or a stage' },
  add: { word: 'ADD', about: 'added from the context or an address' },
  meta: { word: 'setting', about: 'changes the config, makes no layer' },
  unknown: { word: 'layer', about: 'the config does not tell how it was made' },
};

const HATCH = {
  base: svg`<circle cx="2" cy="2" r="0.9" fill="var(--kind-hatch)" /><circle cx="5.5" cy="5.5" r="0.9" fill="var(--kind-hatch)" />`,
  run: svg`<path d="M-1 8L8 -1M3 12L12 3M-1 1L1 -1" stroke="var(--kind-hatch)" stroke-width="1.1" opacity="0.75" />`,
  copy: svg`<path d="M0 2H7M0 5.5H7" stroke="var(--kind-hatch)" stroke-width="1" opacity="0.75" />`,
  add: svg`<path d="M3.5 1.5v4M1.5 3.5h4" stroke="var(--kind-hatch)" stroke-width="1.1" opacity="0.85" />`,
  meta: svg``,
  unknown: svg``,
} as const;

/** Colour and pattern of every kind, so that neither has to be told from colour alone. Once per shadow root. */
export function kindPatterns(): unknown {
  return html`<svg class="visually-hidden" width="0" height="0" aria-hidden="true"><defs>${(Object.keys(HATCH) as CommandKind[]).map((kind) => svg`
    <pattern id=${`kind-${kind}`} width="7" height="7" patternUnits="userSpaceOnUse">
      <rect width="7" height="7" fill=${`var(--kind-${kind})`} />${HATCH[kind]}
    </pattern>`)}</defs></svg>`;
}

/** The key to the drawing: only the kinds that are in it. */
export function kindLegend(kinds: ReadonlySet<CommandKind>): unknown {
  return (Object.keys(KINDS) as CommandKind[]).filter((kind) => kinds.has(kind)).map((kind) => html`
    <span class="key" title=${KINDS[kind].about}><svg width="16" height="12" aria-hidden="true"><rect width="16" height=${kind === 'meta' ? 2 : 12} y=${kind === 'meta' ? 5 : 0} fill=${`url(#kind-${kind})`} /></svg>${KINDS[kind].word}</span>`);
}
