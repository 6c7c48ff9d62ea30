import { svg, html, type TemplateResult } from 'lit';

/** The mark of portolan: a compass rose. */
export const rose = html`<svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
  <circle cx="16" cy="16" r="14.5" fill="none" stroke="currentColor" />
  <circle cx="16" cy="16" r="10" fill="none" stroke="currentColor" stroke-width="0.6" opacity="0.6" />
  <path d="M16 2l3 11 11 3-11 3-3 11-3-11-11-3 11-3z" fill="currentColor" />
  <path d="M16 2l3 11-3 3z" fill="var(--accent)" />
</svg>`;

const paths = {
  copy: svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1" /><path d="M10.5 5.5v-3h-8v8h3" />`,
  check: svg`<path d="M3 8.5l3.5 3.5L13 4.5" />`,
  chevron: svg`<path d="M6 3.5L10.5 8 6 12.5" />`,
  warning: svg`<path d="M8 2L14.5 13.5h-13zM8 6.5v3.5M8 11.6v.6" />`,
  lock: svg`<rect x="3" y="7" width="10" height="6.5" rx="1" /><path d="M5 7V5a3 3 0 016 0v2" />`,
  wave: svg`<path d="M1.5 6c1.6-2 3.2-2 4.4 0s2.8 2 4.2 0 2.8-2 4.4 0M1.5 11c1.6-2 3.2-2 4.4 0s2.8 2 4.2 0 2.8-2 4.4 0" />`,
  sun: svg`<circle cx="8" cy="8" r="3" /><path d="M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.4 1.4M11.6 11.6L13 13M13 3l-1.4 1.4M4.4 11.6L3 13" />`,
  moon: svg`<path d="M13.5 9.5A6 6 0 016.5 2.5a6 6 0 107 7z" />`,
  auto: svg`<circle cx="8" cy="8" r="6" /><path d="M8 2a6 6 0 010 12z" fill="currentColor" />`,
  folder: svg`<path d="M1.5 12.5v-9h4.5l1.5 2h7v7z" />`,
  file: svg`<path d="M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3" />`,
  link: svg`<path d="M3 12.5L12.5 3M6.5 3h6v6" />`,
  close: svg`<path d="M3.5 3.5l9 9M12.5 3.5l-9 9" />`,
  download: svg`<path d="M8 2v8M4.5 7L8 10.5 11.5 7M2.5 13.5h11" />`,
} as const;

export type IconName = keyof typeof paths;

/** A line icon of 16 px in the colour of its text. Decoration only: the word stands beside it or in the label. */
export function icon(name: IconName): TemplateResult {
  return html`<svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.3"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths[name]}</svg>`;
}
