import { css } from 'lit';

export const compareFilesStyles = css`
  :host { --columns: 2ch minmax(160px, 1fr) 150px 84px 84px 92px; }
  .controls { padding-block: 6px; }
  .segments button { gap: 5px; }
  .segments b { font-family: var(--mono); }
  @media (max-width: 480px) { .segments button { gap: 3px; } }
  .slot > .tr { font-size: 13px; }
  .slot > .tr[data-selected] { background: var(--water); box-shadow: inset 2px 0 0 var(--accent); }
  .path { min-width: 0; }
  .aspects { color: var(--ink-soft); font-size: var(--size-s); }
  .delta { font-weight: 600; }
  .split { display: grid; grid-template-columns: minmax(0, 1fr); gap: 24px; align-items: start; }
  .split[data-chosen] { grid-template-columns: minmax(0, 1fr) 340px; }
  aside { position: sticky; top: calc(var(--header) + 8px); padding: 12px 14px; border: 1px solid var(--line); background: var(--paper-raised); border-radius: var(--radius); max-height: calc(100vh - var(--header) - 24px); overflow: auto; }
  aside .head { display: flex; gap: 8px; padding: 0 0 8px; align-items: start; flex-wrap: nowrap; }
  aside h3 { flex: 1; overflow-wrap: anywhere; font-family: var(--mono); min-width: 0; }
  aside table { width: 100%; border-collapse: collapse; table-layout: fixed; }
  aside th, aside td { text-align: start; padding: 3px 8px 3px 0; border-bottom: 1px solid var(--line); font-weight: 400; overflow-wrap: anywhere; vertical-align: top; }
  aside th { color: var(--ink-soft); }
  aside thead th { font-size: var(--size-s); }
  aside th:first-child { width: 70px; }
  aside td[data-differs] { font-weight: 600; }
  .links { display: flex; gap: 16px; padding-top: 8px; flex-wrap: wrap; }
  .empty { padding: 20px 8px; color: var(--ink-soft); }
  @media (max-width: 1100px) {
    :host { --columns: 2ch minmax(140px, 1fr) 84px 84px 92px; }
    .aspects { display: none; }
    .split[data-chosen] { grid-template-columns: minmax(0, 1fr); }
    aside { position: fixed; inset: auto 0 0 0; z-index: 6; max-height: 60vh; border-width: 1px 0 0; border-color: var(--line-strong); border-radius: 0; top: auto; }
  }
  @media (max-width: 640px) {
    :host { --columns: 2ch minmax(0, 1fr) 84px; }
    .tr { column-gap: 8px; padding-inline: 4px; }
    .left, .right { display: none; }
  }
`;
