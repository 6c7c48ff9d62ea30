import { html, nothing, type TemplateResult } from 'lit';
import { safeLink } from '../analysis/links';
import { cap, segments, visible } from '../analysis/text';
import { moment } from '../analysis/format';

/** How much of a text from a registry is drawn where nobody asked for more. */
export const SHORT = 300;

/** Registry text as text: capped, with what could act on the reader made visible. */
export function safe(text: string, limit = SHORT): TemplateResult {
  return html`<bdi class="untrusted">${parts(cap(text, limit))}</bdi>`;
}

/** The same with line breaks kept, for preformatted blocks. */
export function safeLines(text: string): unknown {
  return parts(text, true);
}

/** A text that may be a link: http(s) only, its host beside it, and nothing of ours sent along. */
export function safeOrLink(text: string): TemplateResult {
  const link = safeLink(text);
  if (!link) return safe(text);
  return html`<a href=${link.href} rel="noopener noreferrer" target="_blank">${safe(text)}</a> <span class="faint">(${visible(link.host)})</span>`;
}

/** A moment: relative, with the exact one on hover and for machines. */
export function time(text: string | undefined): unknown {
  const known = moment(text, Date.now());
  if (!known) return html`<span class="soft" title="The config does not say">unknown</span>`;
  return html`<time datetime=${known.iso} title=${known.exact}>${known.relative}</time>`;
}

function parts(text: string, lines = false): unknown {
  const found = segments(text, { lines });
  if (found.length === 0) return nothing;
  return found.map((segment) => (segment.escape ? html`<span class="escape">${segment.text}</span>` : segment.text));
}
