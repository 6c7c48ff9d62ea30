import { css } from 'lit';

/** A table when wide; name and size over the rest when narrow. */
export const fileTreeStyles = css`
  :host { --columns: minmax(160px, 1fr) 76px 64px 88px 62px 44px; }
  .tr { column-gap: 12px; padding-inline: 8px; }
  .slot > .tr { font-size: 13px; }
  .slot > .tr[data-selected] { background: var(--water); box-shadow: inset 2px 0 0 var(--accent); }
  .name { display: flex; align-items: center; gap: 5px; min-width: 0; padding-inline-start: calc(var(--depth, 0) * 16px); }
  .name > svg { color: var(--ink-soft); }
  .name .twist { width: 16px; flex: none; }
  .name .twist svg { transition: transform 120ms; }
  .name .twist[data-open] svg { transform: rotate(90deg); }
  .name .text { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
  .name .text .untrusted { overflow-wrap: normal; }
  .name .target { color: var(--ink-soft); }
  .folder .text { font-weight: 500; }
  .deleted .text, .deleted .size { text-decoration: line-through; text-decoration-color: var(--danger); color: var(--ink-soft); }
  .share { display: block; height: 8px; border: 1px solid var(--line); position: relative; }
  .share.none { border-color: transparent; }
  .share i { position: absolute; inset: 0 auto 0 0; width: var(--part); background: var(--ink-soft); opacity: 0.55; }
  .mode, .owner { color: var(--ink-soft); font-size: var(--size-s); }
  .slot .mode { font-family: var(--mono); font-size: 11.5px; }
  .size.none { color: var(--ink-faint); }
  .layer { font-size: var(--size-s); }
  .gap { height: 10px; animation: none; }
  .failed { grid-column: 1 / -1; color: var(--caution); display: flex; gap: 8px; align-items: center; }
  .failed button { min-height: 22px; padding: 0 8px; }
  .empty { padding: 24px 8px; color: var(--ink-soft); max-width: 60ch; }
  .thead span { min-width: 0; }
  @media (prefers-reduced-motion: reduce) { .name .twist svg { transition: none; } }
  @media (max-width: 1240px) {
    :host { --columns: minmax(140px, 1fr) 72px 60px 40px; }
    .mode, .owner { display: none; }
  }
  @media (max-width: 640px) {
    :host { --columns: minmax(0, 1fr) 72px; }
    .tr { column-gap: 8px; }
    .slot > .tr { grid-template-rows: 24px 16px; align-content: center; row-gap: 0; }
    .name { grid-area: 1 / 1 / 2 / 2; }
    .size { grid-area: 1 / 2 / 2 / 3; }
    .layer { grid-area: 2 / 2 / 3 / 3; justify-self: end; font-size: 11px; }
    .share { grid-area: 2 / 1 / 3 / 2; margin-inline-start: calc(var(--depth, 0) * 16px + 42px); height: 5px; max-width: 120px; align-self: center; }
  }
`;
