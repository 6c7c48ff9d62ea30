import { css } from 'lit';

export const stackStyles = css`
  .tools { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 8px 24px; align-items: center; padding-block: 14px 10px; }
  .legend { display: flex; flex-wrap: wrap; gap: 4px 16px; color: var(--ink-soft); font-size: var(--size-s); }
  .legend .key { display: inline-flex; align-items: center; gap: 6px; }
  .note { color: var(--ink-soft); padding-bottom: 8px; }
  .split { display: grid; grid-template-columns: minmax(0, 1fr) minmax(320px, 30%); gap: 32px; align-items: start; }
  aside { position: sticky; top: calc(var(--header) + 16px); }
  .stack { display: grid; grid-template-columns: minmax(0, 1fr); }
  .stack[data-drawn] { grid-template-columns: auto minmax(0, 1fr); }
  .column { overflow: visible; }
  .stratum { cursor: pointer; }
  .stratum rect { stroke: var(--ink-soft); stroke-width: 0.75; }
  .stratum path { fill: none; stroke: var(--line-strong); stroke-width: 0.75; opacity: 0.65; }
  .stratum.empty path { stroke-dasharray: 2 3; opacity: 0.4; }
  .stratum .instruction { stroke: var(--ink); stroke-width: 1; }
  .stratum.chosen rect { stroke: var(--accent); stroke-width: 2; }
  .stratum.chosen path { stroke: var(--accent); stroke-width: 1.5; opacity: 1; stroke-dasharray: none; }
  .stratum:hover path { stroke: var(--accent); opacity: 1; }
  .row {
    display: grid; grid-template-columns: 84px minmax(0, 1fr) clamp(60px, 14%, 180px) 62px 76px; gap: 12px; align-items: center; height: 32px;
    padding-inline: 8px; border-bottom: 1px solid var(--line); cursor: pointer;
  }
  .stack[data-counted] .row:not(.thin) { grid-template-columns: 84px minmax(0, 1fr) minmax(118px, auto) 18px clamp(60px, 12%, 160px) 62px 76px; }
  .changes { text-align: end; font-size: var(--size-s); }
  .verdict[data-tone='good'] { color: var(--good); }
  .verdict[data-tone='caution'] { color: var(--caution); }
  .verdict[data-tone='danger'] { color: var(--danger); }
  .row.thin { height: 24px; color: var(--ink-soft); font-size: var(--size-s); grid-template-columns: 84px minmax(0, 1fr); }
  .row:hover { background: var(--paper-raised); }
  .row[data-chosen] { background: var(--water); box-shadow: inset 2px 0 0 var(--accent); }
  .row:focus-visible { outline-offset: -2px; }
  .kind { font-size: var(--size-s); font-weight: 600; }
  .thin .kind { font-weight: 400; font-size: 11px; }
  .share { color: var(--ink-soft); }
  .bar { border-bottom: 1px solid var(--line); }
  .inline { padding: 12px 0 16px; }
  @media (max-width: 1200px) and (min-width: 641px) {
    .stack[data-counted] .row:not(.thin) { grid-template-columns: 76px minmax(0, 1fr) minmax(112px, auto) 18px 72px; gap: 10px; }
    .stack[data-counted] .share, .stack[data-counted] .bar { display: none; }
  }
  @media (max-width: 960px) { .split { grid-template-columns: minmax(0, 1fr); } }
  @media (max-width: 640px) {
    .row, .stack[data-counted] .row:not(.thin) { grid-template-columns: 76px minmax(0, 1fr) 18px 72px; gap: 8px; }
    .row .changes { display: none; }
    .row .verdict { grid-area: 1 / 3 / 2 / 4; }
    .row.thin { grid-template-columns: 76px minmax(0, 1fr); }
    .row .share { display: none; }
    .row .bar { grid-area: 1 / 2 / 2 / 3; align-self: end; z-index: 0; opacity: 0.8; margin-bottom: -1px; border: 0; }
    .row .bar svg { height: 5px; }
    .row .command { align-self: start; padding-top: 3px; grid-area: 1 / 2 / 2 / 3; }
    .row .size { grid-column: 4; }
    .thin .command { padding-top: 2px; }
  }
`;
