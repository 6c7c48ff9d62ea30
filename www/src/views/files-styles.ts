import { css } from 'lit';

/** The tree at the left; at the right what stays in view beside it: the map, and the chosen path. */
export const filesStyles = css`
  .status { min-height: 21px; padding-bottom: 4px; }
  .split { display: grid; grid-template-columns: minmax(0, 1.3fr) minmax(360px, 1fr); gap: 28px; align-items: start; }
  /* Room for the path that is chosen, also beside a short tree: the page keeps its length while it is scrolled. */
  .split[data-chosen] { min-height: calc(100vh - var(--header) - 72px); }
  aside { position: sticky; top: calc(var(--header) + 8px); max-height: max(var(--rest, 500px), 320px); display: flex; flex-direction: column; gap: 12px; }
  portolan-treemap { flex: none; height: clamp(300px, var(--room, 500px), 900px); }
  aside[data-chosen='directory'] portolan-treemap { height: clamp(200px, calc(var(--room, 500px) - 240px), 660px); }
  aside[data-chosen='file'] portolan-treemap { height: max(160px, 22vh); }
  .chosen { flex: 0 1 auto; overflow: auto; min-height: 140px; padding: 12px 14px; border: 1px solid var(--line); background: var(--paper-raised); border-radius: var(--radius); }
  .note { padding: 8px 12px; border-inline-start: 3px solid var(--caution); background: var(--caution-wash); margin-bottom: 8px; display: flex; gap: 12px; align-items: center; flex-wrap: wrap; }
  @media (max-width: 960px) {
    .split, .split[data-chosen] { grid-template-columns: minmax(0, 1fr); gap: 12px; min-height: 0; }
    aside { position: static; max-height: none; order: -1; }
    portolan-treemap, aside[data-chosen] portolan-treemap { height: 200px; }
    .chosen { position: fixed; inset: auto 0 0 0; z-index: 6; max-height: 72vh; border-width: 1px 0 0; border-color: var(--line-strong); border-radius: 0; box-shadow: 0 -6px 24px rgb(7 16 25 / 0.28); }
  }
`;
