import { css } from 'lit';

/** Cards of regions; their tone is on the glyph, the word and the upper edge. */
export const replicasStyles = css`
  :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; }
  .headline { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 14px; }
  .headline strong { font-size: 34px; line-height: 1.15; font-weight: 650; letter-spacing: -0.02em; white-space: nowrap; }
  .headline p { font-size: var(--size-l); flex: 1 1 240px; min-width: 0; }
  .asked { color: var(--ink-soft); display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; }
  ul { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: 16px; }
  li { display: grid; grid-template-rows: auto auto 1fr; gap: 6px; padding: 14px 16px; border: 1px solid var(--line); border-top: 3px solid var(--ink-soft); border-radius: var(--radius); background: var(--paper-raised); min-width: 0; max-width: 640px; }
  li[data-tone='good'] { border-top-color: var(--good); }
  li[data-tone='caution'] { border-top: 3px dashed var(--caution); }
  li[data-tone='danger'] { border-top: 3px double var(--danger); }
  .top { display: flex; align-items: baseline; gap: 8px; min-width: 0; }
  .top h3 { font-size: var(--size-l); overflow-wrap: anywhere; min-width: 0; }
  .top .number { margin-inline-start: auto; }
  .home { border: 1px solid var(--line-strong); border-radius: 999px; padding: 0 8px; font-size: var(--size-s); color: var(--ink-soft); }
  .standing { font-weight: 600; display: flex; gap: 8px; align-items: baseline; }
  .standing .glyph { font-family: var(--mono); width: 1.2ch; text-align: center; flex: none; }
  .standing .more { font-weight: 400; color: var(--ink-soft); }
  [data-tone='good'] { --tone: var(--good); } [data-tone='caution'] { --tone: var(--caution); } [data-tone='danger'] { --tone: var(--danger); } [data-tone='soft'] { --tone: var(--ink-soft); }
  .standing, .headline strong, .dot { color: var(--tone); }
  dl { display: grid; grid-template-columns: 100px minmax(0, 1fr); gap: 2px 12px; align-content: start; }
  dt { color: var(--ink-soft); }
  dd { min-width: 0; overflow-wrap: anywhere; }
  .message { color: var(--caution); overflow-wrap: anywhere; grid-column: 1 / -1; padding-top: 4px; }
  li .skeleton { height: 14px; width: 60%; margin-block: 4px; }
  .none { max-width: 680px; display: grid; gap: 8px; padding-block: 8px; }
  pre { padding: 8px 12px; background: var(--paper-sunken); overflow-x: auto; }
  .dot { font-family: var(--mono); font-weight: 700; }
`;
