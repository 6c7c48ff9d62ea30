import { css } from 'lit';

export const wasteStyles = css`
  :host { padding-top: 20px; }
  .failed, .none { padding-block: 16px; max-width: 70ch; }
  .head { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 6px 32px; align-items: end; }
  .number-big { font-size: 40px; line-height: 1.15; font-weight: 600; letter-spacing: -0.02em; }
  .score { text-align: end; display: grid; }
  .score b { font-size: 24px; font-weight: 600; line-height: 1.2; }
  .bar { grid-column: 1 / -1; display: flex; height: 18px; border: 1px solid var(--line-strong); margin-top: 6px; }
  i.kept { background: var(--water-deep); display: block; }
  i.lost { flex: 1; display: block; background: repeating-linear-gradient(135deg, var(--caution-wash) 0 4px, var(--caution) 4px 5.5px); }
  .bar i.lost { border-inline-start: 1px solid var(--ink); }
  .legend { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 4px 24px; font-size: var(--size-s); }
  .legend span { display: inline-flex; align-items: center; gap: 6px; }
  .legend i { width: 16px; height: 11px; border: 1px solid var(--line-strong); flex: none; }
  .secrets { margin-top: 24px; padding: 14px 16px; border: 1px solid var(--line-strong); border-inline-start: 4px solid var(--danger); background: var(--paper-raised); border-radius: var(--radius); display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr); }
  .secrets h2 { display: flex; gap: 8px; align-items: center; color: var(--danger); }
  .secrets li { display: grid; grid-template-columns: minmax(0, 1fr) 76px minmax(0, 1.4fr); gap: 4px 20px; padding: 6px 0; border-top: 1px solid var(--line); align-items: baseline; }
  .path { overflow-wrap: anywhere; }
  .path a { text-decoration: none; }
  .path a:hover { text-decoration: underline; }
  a.layer { text-decoration: none; padding: 2px 4px; margin-inline-start: -4px; }
  a.layer:hover { color: var(--accent); }
  h2 { padding-block: 28px 8px; }
  .secrets h2 { padding: 0; }
  h2 small { font-weight: 400; font-size: var(--size-s); }
  table { border-collapse: collapse; width: 100%; }
  th { text-align: start; color: var(--ink-soft); font-size: var(--size-s); font-weight: 400; border-bottom: 1px solid var(--line-strong); padding: 4px 12px 4px 0; }
  th.number { text-align: end; }
  td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); vertical-align: baseline; font-size: 13px; }
  td.path { width: 40%; }
  td.wide { width: 9%; }
  td.who { max-width: 0; width: 22%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .command { color: var(--ink-soft); font-size: 11.5px; margin-inline-start: 8px; }
  .command .untrusted { overflow-wrap: normal; }
  .part { display: block; height: 8px; border: 1px solid var(--line); }
  .part i { display: block; height: 100%; background: repeating-linear-gradient(135deg, var(--caution-wash) 0 4px, var(--caution) 4px 5.5px); }
  table + button, .scroll + button { margin-top: 12px; }
  @media (max-width: 760px) {
    .number-big { font-size: 32px; }
    .secrets li { grid-template-columns: minmax(0, 1fr) auto; }
    .secrets .said { grid-column: 1 / -1; }
    thead { display: none; }
    tbody, table { display: block; }
    tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 12px; padding: 6px 0; border-bottom: 1px solid var(--line); }
    td, td.path, td.who { border: 0; padding: 0; width: auto; max-width: none; }
    .command { display: none; }
    td.wide { display: none; }
    td:last-child { text-align: end; }
  }
`;
