import { css } from 'lit';

/** A table when wide, cards when narrow. */
export const tagStyles = css`
  :host { --columns: 18px minmax(120px, 1.3fr) 150px minmax(120px, 1fr) 120px 84px 120px 32px; }
  .kinds { display: flex; gap: 18px; padding-bottom: 10px; }
  .kinds a { text-decoration: none; padding-block: 3px; border-bottom: 2px solid transparent; color: var(--ink-soft); }
  .kinds a[aria-current] { border-bottom-color: var(--accent); color: var(--ink); font-weight: 600; }
  .tick { display: flex; align-self: stretch; align-items: center; margin-inline: -12px -10px; padding-inline: 12px 10px; cursor: default; }
  .tick input { width: 16px; height: 16px; min-height: 0; margin: 0; accent-color: var(--accent); cursor: pointer; }
  .comparing { display: inline-flex; gap: 10px; align-items: center; flex-wrap: wrap; }
  .tag a { text-decoration: none; font-weight: 500; display: block; }
  .digest { position: relative; }
  .same-above::before, .same-below::before {
    content: ''; position: absolute; inset-inline-start: -9px; width: 6px; border-inline-start: 1.5px solid var(--ink-soft); top: 50%; bottom: 50%;
  }
  .same-below::before { bottom: -8px; }
  .same-above::before { top: -8px; }
  .same-below:not(.same-above)::before { border-top: 1.5px solid var(--ink-soft); }
  .same-above:not(.same-below)::before { border-bottom: 1.5px solid var(--ink-soft); }
  .platforms, .created { color: var(--ink-soft); }
  .failed { grid-column: span 5; color: var(--ink-soft); font-style: italic; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .failed[data-state='unverified'] { color: var(--danger); font-style: normal; font-weight: 600; }
  /* Two hundred of them breathing while the list is scrolled would cost more than the rows. */
  .skeleton { height: 10px; width: 70%; animation: none; }
  .tr.loading { height: 38px; border-bottom: 1px solid var(--line); }
  .empty { padding-block: 24px; display: grid; gap: 8px; max-width: 680px; }
  .empty pre { padding: 8px 12px; background: var(--paper-sunken); overflow-x: auto; }
  @media (max-width: 1100px) {
    :host { --columns: 18px minmax(110px, 1.3fr) 140px minmax(90px, 1fr) 84px 110px 32px; }
    .layers, .thead > :nth-child(5) { display: none; }
    .failed { grid-column: span 4; }
  }
  @media (max-width: 860px) {
    .thead { display: none; }
    .slot > .tr {
      grid-template: 'tick tag copy' 30px 'tick digest size' 26px 'tick platforms created' 22px / 18px minmax(0, 1fr) auto; align-content: center; row-gap: 0; column-gap: 12px;
    }
    .tick { grid-area: tick; }
    .tag { grid-area: tag; min-width: 0; } .copy { grid-area: copy; justify-self: end; } .digest { grid-area: digest; } .size { grid-area: size; }
    .platforms { grid-area: platforms; } .created { grid-area: created; text-align: end; }
    .failed { grid-column: 2 / -1; grid-row: 2; }
    .tr.loading { height: 96px; }
    .skeleton { min-width: 60px; }
  }
`;
