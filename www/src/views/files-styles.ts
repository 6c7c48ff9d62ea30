import { css } from 'lit';

/** The tree at the left; at the right what stays in view beside it: the map, and the chosen path. */
export const filesStyles = css`
  .status { min-height: 21px; padding-bottom: 4px; }
  .split { display: grid; grid-template-columns: minmax(0, 1.3fr) minmax(360px, 1fr); gap: 28px; align-items: start; }
  aside { position: sticky; top: calc(var(--header) + 8px); height: calc(100vh - var(--header) - 24px); display: flex; flex-direction: column; gap: 12px; min-height: 0; }
  portolan-treemap { flex: 1 1 0; min-height: 160px; }
  .chosen { flex: 0 1 auto; overflow: auto; max-height: 66%; min-height: 0; padding: 12px 14px; border: 1px solid var(--line); background: var(--paper-raised); border-radius: var(--radius); }
  .note { padding: 8px 12px; border-inline-start: 3px solid var(--caution); background: var(--caution-wash); margin-bottom: 8px; display: flex; gap: 12px; align-items: center; flex-wrap: wrap; }
  @media (max-width: 960px) {
    .split { grid-template-columns: minmax(0, 1fr); gap: 12px; }
    aside { position: static; height: auto; order: -1; }
    portolan-treemap { height: 220px; flex: none; }
    .chosen { position: fixed; inset: auto 0 0 0; z-index: 6; max-height: 72vh; border-width: 1px 0 0; border-color: var(--line-strong); border-radius: 0; box-shadow: 0 -6px 24px rgb(7 16 25 / 0.28); }
  }
`;
