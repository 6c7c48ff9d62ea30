import { css } from 'lit';

/** Tints of the colours of the layers on paper: names stay readable in ink, by day and by night. */
export const treemapStyles = css`
  .trail { display: flex; align-items: center; justify-content: space-between; gap: 12px; min-height: 30px; }
  .trail nav { display: flex; align-items: center; min-width: 0; flex-wrap: wrap; }
  .trail button { padding-inline: 4px; max-width: 22ch; min-width: 24px; justify-content: center; }
  .trail [aria-current] { font-weight: 600; }
  .map { position: relative; flex: 1 1 auto; min-height: 120px; background: var(--paper-sunken); overflow: hidden; contain: strict; }
  .legend { display: flex; flex-wrap: wrap; gap: 2px 14px; color: var(--ink-soft); font-size: var(--size-s); padding-top: 5px; min-height: 23px; flex: none; }
  .legend .key { display: inline-flex; align-items: center; gap: 6px; }
  .legend i.box { position: static; width: 16px; height: 12px; cursor: default; }
  .note { padding: 16px; color: var(--ink-soft); }
  .box {
    --tint: var(--kind-unknown);
    position: absolute; background: color-mix(in oklab, var(--tint) 30%, var(--paper-raised)); border: 1px solid color-mix(in oklab, var(--tint) 70%, var(--ink-faint));
    overflow: hidden; cursor: pointer; line-height: 1.2; font-size: 11.5px;
  }
  .box[data-directory] { background: color-mix(in oklab, var(--tint) 14%, var(--paper-raised)); }
  .box[data-directory]:not([data-headed]) { background: color-mix(in oklab, var(--tint) 22%, var(--paper-raised)); }
  .box[data-kind='base'] { --tint: var(--kind-base); }
  .box[data-kind='run'] { --tint: var(--kind-run); }
  .box[data-kind='copy'] { --tint: var(--kind-copy); }
  .box[data-kind='add'] { --tint: var(--kind-add); }
  .box[data-change='added'] { --tint: var(--good); }
  .box[data-change='changed'] { --tint: var(--caution); }
  .box[data-change='deleted'] { --tint: var(--danger); background-image: repeating-linear-gradient(135deg, transparent 0 5px, color-mix(in oklab, var(--danger) 22%, transparent) 5px 6px); }
  .box.rest { cursor: default; border-style: dashed; background: radial-gradient(var(--line-strong) 0.7px, transparent 0.9px) 0 0 / 7px 7px; color: var(--ink-soft); }
  .box.rest .label { background: var(--paper-sunken); width: max-content; max-width: 100%; }
  .box:hover { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
  .box.rest:hover { border-color: var(--line-strong); box-shadow: none; }
  .box[data-selected] { border-color: var(--accent); box-shadow: inset 0 0 0 2px var(--accent); }
  .box:focus-visible { outline: 2px solid var(--accent); outline-offset: -3px; z-index: 1; }
  .label { display: block; padding: 2px 4px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .label .untrusted { overflow-wrap: normal; }
  .label small { font-size: 11px; font-weight: 400; }
  .label .mark { margin-inline-end: 3px; }
  .label [data-tone] { color: inherit; }
  .box:not([data-headed]) .label small { display: block; overflow: hidden; text-overflow: ellipsis; }
  .box[data-headed] > .label { font-weight: 600; }
`;
