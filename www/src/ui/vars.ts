import { noChange } from 'lit';
import { directive, Directive, type ElementPart } from 'lit/directive.js';

/**
 * Sets CSS properties of an element through the CSSOM: `<i ${vars({ '--share': '0.4' })}>`.
 * The policy of the server allows no style attributes, and Lit's `styleMap` writes one on the first render.
 */
class Vars extends Directive {
  private previous: Record<string, string> = {};

  render(_values: Record<string, string>): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [values]: [Record<string, string>]): typeof noChange {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(values)) {
      if (this.previous[name] !== value) style.setProperty(name, value);
    }
    this.previous = values;
    return noChange;
  }
}

export const vars = directive(Vars);
