import { css, html, nothing, type TemplateResult } from 'lit';
import type { LayerFiles } from 'portolan/layers';
import { CHANGE_MARKS } from '../analysis/file-facts';
import { formatCount } from '../analysis/format';
import { changeSentence } from '../analysis/layer-state';

export type ChangeName = keyof typeof CHANGE_MARKS;

/** A change as a glyph in its colour; the word for those who hear it. */
export function changeMark(change: ChangeName | undefined): unknown {
  if (!change) return nothing;
  const { glyph, word, tone } = CHANGE_MARKS[change];
  return html`<span class="mark" data-tone=${tone || nothing} title=${word}><span aria-hidden="true">${glyph}</span><span class="visually-hidden">${word}: </span></span>`;
}

/** `+1,204 ~3 −17`, those that are none left faint. */
export function changeCounts(counts: Pick<LayerFiles, 'added' | 'changed' | 'deleted'>): TemplateResult {
  const words = changeSentence(counts);
  return html`<span class="counts" title=${words}><span class="visually-hidden">${words}</span>${(['added', 'changed', 'deleted'] as const).map((change) => {
    const { glyph, tone } = CHANGE_MARKS[change];
    return html`<span aria-hidden="true" data-tone=${counts[change] > 0 ? tone : nothing}>${glyph}${formatCount(counts[change])}</span>`;
  })}</span>`;
}

export const changeStyles = css`
  [data-tone='good'] { color: var(--good); }
  [data-tone='caution'] { color: var(--caution); }
  [data-tone='danger'] { color: var(--danger); }
  .mark { font-family: var(--mono); font-weight: 700; width: 1ch; flex: none; }
  .counts { display: inline-flex; gap: 8px; white-space: nowrap; font-size: var(--size-s); }
  .counts > span:not([data-tone]) { color: var(--ink-faint); }
`;
