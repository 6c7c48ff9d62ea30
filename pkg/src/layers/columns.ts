import type { Columns } from './protocol.js';

/** Reads an answer of the module: one number after the other, and text whose lengths are among the numbers. */
export class Reader {
  readonly #text: string;
  readonly #numbers: Float64Array;
  #at = 0;
  #textAt = 0;

  constructor([text, numbers]: Columns) {
    this.#text = text;
    this.#numbers = numbers;
  }

  number(): number {
    return this.#numbers[this.#at++] ?? 0;
  }

  boolean(): boolean {
    return this.number() !== 0;
  }

  text(): string {
    return this.#text.slice(this.#textAt, this.#textAt += this.number());
  }

  /** As many as the next number says. */
  list<T>(read: (reader: this) => T): T[] {
    return Array.from({ length: this.number() }, () => read(this));
  }

  /** True if nothing is left. */
  get done(): boolean {
    return this.#at >= this.#numbers.length;
  }
}
