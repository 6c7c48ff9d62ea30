import { css, html, nothing, type TemplateResult } from 'lit';
import { parentPath } from '../analysis/file-facts';
import { cap } from '../analysis/text';
import { safe } from './safe';

/** A path on one line: where there is no room for all of it, the directory gives way and the name stays. */
export function pathText(path: string): TemplateResult {
  const directory = parentPath(path);
  const name = path.slice(directory === '' ? 0 : directory.length + 1);
  return html`<span class="path-text">${directory ? html`<span class="dir">${safe(cap(directory, 200), 201)}</span><span class="dir slash">/</span>` : nothing}<span class="base">${safe(name, 160)}</span></span>`;
}

export const pathTextStyles = css`
  .path-text { display: flex; min-width: 0; white-space: nowrap; }
  .path-text > * { overflow: hidden; text-overflow: ellipsis; }
  .path-text .untrusted { overflow-wrap: normal; }
  .path-text .dir { color: var(--ink-soft); flex: 0 1 auto; min-width: 2ch; }
  .path-text .slash { flex: none; min-width: 0; }
  .path-text .base { flex: 0 0 auto; max-width: 75%; }
`;
