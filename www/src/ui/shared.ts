import { css } from 'lit';

/** What all views share: type, links, buttons, fields, focus. */
export const shared = css`
  :host {
    display: block;
    color: var(--ink);
    font: var(--size) / 1.5 var(--font);
    font-variant-numeric: tabular-nums;
  }
  :host([hidden]), [hidden] { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  h1, h2, h3, p, ul, ol, dl, dd, pre, figure { margin: 0; padding: 0; }
  ul, ol { list-style: none; }
  h1 { font-size: var(--size-xl); font-weight: 600; line-height: 1.25; letter-spacing: -0.01em; overflow-wrap: anywhere; }
  h2 { font-size: var(--size-l); font-weight: 600; line-height: 1.3; }
  h3 { font-size: var(--size); font-weight: 600; }
  a { color: inherit; text-decoration-color: var(--line-strong); text-underline-offset: 3px; text-decoration-thickness: 1px; }
  a:hover { color: var(--accent); text-decoration-color: currentColor; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
  .mono, code, pre { font-family: var(--mono); font-size: 0.93em; }
  .soft { color: var(--ink-soft); }
  .faint { color: var(--ink-faint); font-size: var(--size-s); }
  .number { text-align: end; white-space: nowrap; }
  .clip { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
  .untrusted { unicode-bidi: isolate; overflow-wrap: anywhere; }
  .escape { color: var(--caution); background: var(--caution-wash); border-radius: 2px; font-family: var(--mono); font-size: 0.85em; }
  .visually-hidden {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
  }
  button, .button {
    font: inherit; color: var(--ink); background: var(--paper-raised); border: 1px solid var(--line-strong); border-radius: var(--radius);
    padding: 4px 12px; min-height: 30px; cursor: pointer; text-decoration: none; display: inline-flex; align-items: center; gap: 6px;
  }
  button:hover, .button:hover { border-color: var(--accent); color: var(--accent); }
  button[aria-pressed='true'], button[aria-checked='true'] { background: var(--water); border-color: var(--ink-soft); color: var(--ink); }
  button.plain { border-color: transparent; background: none; padding: 2px 6px; min-height: 24px; }
  button:disabled { opacity: 0.55; cursor: default; }
  input, select {
    font: inherit; color: var(--ink); background: var(--paper-raised); border: 1px solid var(--line-strong); border-radius: var(--radius);
    padding: 4px 10px; min-height: 32px; min-width: 0;
  }
  input::placeholder { color: var(--ink-faint); }
  kbd {
    font: 11px/1 var(--mono); padding: 2px 5px; border: 1px solid var(--line-strong); border-radius: 3px; color: var(--ink-soft);
    background: var(--paper-raised);
  }
  svg { display: block; flex: none; }
  .segments { display: inline-flex; max-width: 100%; }
  .segments button { border-radius: 0; margin-inline-start: -1px; }
  .segments button:first-child { border-radius: var(--radius) 0 0 var(--radius); margin: 0; }
  .segments button:last-child { border-radius: 0 var(--radius) var(--radius) 0; }
  .segments button[aria-pressed='true'] { position: relative; }
  @media (max-width: 480px) { .segments button { padding-inline: 7px; } }
  .skeleton { background: var(--paper-sunken); border-radius: 2px; display: block; }
  @media (prefers-reduced-motion: no-preference) {
    .skeleton { animation: breathe 1.6s ease-in-out infinite alternate; }
    @keyframes breathe { from { opacity: 1; } to { opacity: 0.5; } }
  }
`;

/** The head of a view and its bar of controls. */
export const headStyles = css`
  .head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 16px; padding-block: 20px 12px; }
  .head h1 { margin-inline-end: auto; }
  .head > span { display: inline-flex; align-items: center; }
  .controls { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; padding-bottom: 12px; }
  .controls .search { flex: 1 1 260px; max-width: 560px; position: relative; display: flex; align-items: center; }
  .controls .search input { width: 100%; padding-inline-end: 34px; }
  .controls .search kbd { position: absolute; inset-inline-end: 8px; pointer-events: none; }
  .controls label.pick { display: inline-flex; align-items: center; gap: 6px; color: var(--ink-soft); }
  .status { min-height: 21px; color: var(--ink-soft); }
`;
