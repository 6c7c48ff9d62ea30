import { css } from 'lit';

/** The frame of a virtual table. Columns come from `--columns` of the view. */
export const rowsStyles = css`
  .rows { position: relative; contain: layout style; }
  .slot { position: absolute; inset: 0 0 auto 0; contain: layout style; }
  .tr { display: grid; grid-template-columns: var(--columns); column-gap: 20px; align-items: center; padding-inline: 12px; }
  .thead {
    position: sticky; top: var(--header); z-index: 2; background: var(--paper); border-bottom: 1px solid var(--line-strong);
    color: var(--ink-soft); font-size: var(--size-s); min-height: 32px;
  }
  .thead button.plain { font-size: inherit; color: inherit; margin-inline-start: -6px; }
  .thead button.plain:hover { color: var(--accent); }
  .slot > .tr { height: 100%; border-bottom: 1px solid var(--line); cursor: pointer; }
  .slot > .tr:hover { background: var(--paper-raised); }
  .slot > .tr:focus-visible { outline-offset: -2px; background: var(--paper-raised); }
  .slot > .tr:focus-within:not(:focus) { background: var(--paper-raised); }
  @media (max-width: 640px) {
    .thead { display: none; }
  }
`;
