import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { digestMarkSvg } from '../ui/digest-chip';
import { digestRoles, ExactNumber, parseJson, type DigestRole, type Json } from '../analysis/json';
import { More } from '../ui/more';
import { safe } from '../ui/safe';
import { shared } from '../ui/shared';
import '../ui/long-text';

/** Where a digest of a document leads; undefined where it is only text. */
export type DigestLink = (digest: string, role: DigestRole) => string | undefined;


type Leaf = null | boolean | string | ExactNumber;

/** A JSON document, foldable, exact in its numbers, with the digests it names as links. */
@customElement('portolan-json')
export class JsonTree extends LitElement {
  static override styles = [shared, css`
    :host { font-family: var(--mono); font-size: 12.5px; line-height: 1.6; overflow-x: auto; background: var(--paper-raised); border: 1px solid var(--line); border-radius: var(--radius); padding: 10px 12px; }
    .children { padding-inline-start: 20px; border-inline-start: 1px solid var(--line); margin-inline-start: 4px; }
    summary { cursor: pointer; list-style: none; display: inline-block; min-height: 24px; min-width: 48px; }
    summary::before { content: '▸'; color: var(--ink-faint); display: inline-block; width: 14px; margin-inline-start: -14px; font-family: var(--font); }
    details[open] > summary::before { content: '▾'; }
    .tree { padding-inline-start: 14px; }
    .key { color: var(--ink-soft); }
    .string { color: var(--ink); }
    .number, .word { color: var(--accent); text-align: start; }
    .count { color: var(--ink-faint); font-size: 11px; }
    a { overflow-wrap: anywhere; }
    a svg { display: inline-block; vertical-align: -3px; margin-inline-end: 6px; }
    .line { overflow-wrap: anywhere; }
  `];

  @property({ attribute: false }) bytes: Uint8Array = new Uint8Array();
  @property({ attribute: false }) link?: DigestLink;
  /** Branches this deep and deeper are folded at first. */
  @property({ type: Number }) depth = 4;
  private document: Json | undefined;
  private roles = new Map<string, DigestRole>();
  private readonly toggled = new Map<string, boolean>();
  private readonly more = new More(this, 100);

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('bytes')) return;
    this.document = parseJson(this.bytes);
    this.roles = this.document === undefined ? new Map() : digestRoles(this.document);
    this.toggled.clear();
  }

  protected override render(): unknown {
    if (this.document === undefined) return html`<p class="soft">These bytes are no JSON; they can be downloaded as they are.</p>`;
    return html`<div class="tree">${this.node(this.document, '$', 0, nothing, '')}</div>`;
  }

  private node(value: Json, path: string, depth: number, label: unknown, comma: string): TemplateResult {
    if (typeof value === 'object' && value !== null && !(value instanceof ExactNumber)) return this.branch(value, path, depth, label, comma);
    return html`<div class="line">${label}${this.leaf(value)}${comma}</div>`;
  }

  private branch(value: Json[] | { [key: string]: Json }, path: string, depth: number, label: unknown, comma: string): TemplateResult {
    const array = Array.isArray(value);
    const entries = Object.entries(value);
    const [open, close] = array ? ['[', ']'] : ['{', '}'];
    if (entries.length === 0) return html`<div class="line">${label}${open}${close}${comma}</div>`;
    if (isSmall(value)) return html`<div class="line">${label}${open} ${entries.map(([key, child], index) => html`${index > 0 ? ', ' : nothing}${
      array ? nothing : keyLabel(key)}${this.leaf(child as Leaf)}`)} ${close}${comma}</div>`;
    const unfolded = this.toggled.get(path) ?? depth < this.depth;
    const { items, button } = this.more.cut(path, entries);
    // The children of a folded branch are not drawn at all.
    return html`<details ?open=${unfolded} @toggle=${(event: ToggleEvent) => this.fold(event, path)}>
      <summary>${label}${open}${unfolded ? nothing : html`<span class="count"> ${entries.length} </span>${close}${comma}`}</summary>
      ${unfolded ? html`<div class="children">${items.map(([key, child], index) => this.node(
        child, `${path}/${key}`, depth + 1, array ? nothing : keyLabel(key), index < entries.length - 1 ? ',' : ''))}${button}</div>
      <div>${close}${comma}</div>` : nothing}</details>`;
  }

  private leaf(value: Leaf): unknown {
    // As many digits as its author liked.
    if (value instanceof ExactNumber) return html`<span class="number"><portolan-long .text=${value.source}></portolan-long></span>`;
    if (typeof value !== 'string') return html`<span class="word">${String(value)}</span>`;
    const role = this.roles.get(value);
    const href = role && this.link?.(value, role);
    if (href) return html`"<a href=${href} title=${`Open this ${role}`}>${digestMarkSvg(value)}${value}</a>"`;
    return html`<span class="string">"<portolan-long .text=${value}></portolan-long>"</span>`;
  }

  private fold(event: ToggleEvent, path: string): void {
    const open = event.newState === 'open';
    if (open === (this.toggled.get(path) ?? undefined)) return;
    this.toggled.set(path, open);
    this.requestUpdate();
  }
}

/** Few short values are read more easily on one line. */
function isSmall(value: Json[] | { [key: string]: Json }): boolean {
  const values = Object.values(value);
  if (values.length > 4 || Object.keys(value).join('').length > 60) return false;
  return values.every((child) => typeof child === 'string' ? child.length <= 24 : child === null || typeof child !== 'object' || child instanceof ExactNumber);
}

function keyLabel(key: string): TemplateResult {
  return html`<span class="key">"${safe(key, 200)}"</span>: `;
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-json': JsonTree }
}
