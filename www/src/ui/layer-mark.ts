import { css, html, type TemplateResult } from 'lit';
import type { LayerName } from '../analysis/layer-names';
import { cap, visible } from '../analysis/text';

/** A layer in a word: its number beside the colour of what made it; the command in the title. */
export function layerMark(layer: LayerName | undefined, place: number): TemplateResult {
  const title = layer ? visible(cap(layer.command, 200)) : '';
  return html`<span class="layer-mark" data-kind=${layer?.kind ?? 'unknown'} title=${`Layer ${place + 1}${title ? `: ${title}` : ''}`}><i aria-hidden="true"></i>${place + 1}</span>`;
}

export const layerMarkStyles = css`
  .layer-mark { display: inline-flex; align-items: center; gap: 5px; white-space: nowrap; }
  .layer-mark i { width: 9px; height: 9px; border: 1px solid var(--ink-soft); background: var(--kind-unknown); flex: none; }
  .layer-mark[data-kind='base'] i { background: var(--kind-base); }
  .layer-mark[data-kind='run'] i { background: var(--kind-run); }
  .layer-mark[data-kind='copy'] i { background: var(--kind-copy); }
  .layer-mark[data-kind='add'] i { background: var(--kind-add); }
  .layer-mark[data-kind='meta'] i { background: var(--kind-meta); }
`;
