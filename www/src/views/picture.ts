import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { formatCount } from '../analysis/format';
import { isDrawable, MOST_PIXELS, pictureSize } from '../analysis/picture';
import { shared } from '../ui/shared';

/**
 * A picture from bytes, drawn on a canvas: no address is made for them, and nothing in them runs. What would take too much memory
 * is not decoded.
 */
@customElement('portolan-picture')
export class Picture extends LitElement {
  static override styles = [shared, css`
    canvas {
      max-width: 100%; max-height: 46vh; display: block; border: 1px solid var(--line);
      background: repeating-conic-gradient(var(--paper-sunken) 0 25%, var(--paper-raised) 0 50%) 0 0 / 16px 16px;
    }
    p { color: var(--ink-soft); padding-top: 4px; font-size: var(--size-s); }
  `];

  @property({ attribute: false }) bytes: Uint8Array = new Uint8Array();
  @property() mediaType = '';
  /** What it is called, for those who do not see it. */
  @property() name = '';
  @state() private said = '';
  @query('canvas') private canvas?: HTMLCanvasElement;

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has('bytes')) void this.draw();
  }

  protected override render(): unknown {
    const size = pictureSize(this.bytes);
    return html`${size && isDrawable(size) ? html`<canvas role="img" aria-label=${`Picture ${this.name}`}></canvas>` : nothing}<p>${this.said}</p>`;
  }

  private async draw(): Promise<void> {
    const { bytes, canvas } = this;
    const size = pictureSize(bytes);
    if (!size || !isDrawable(size)) {
      this.said = size ? `${formatCount(size.width)} × ${formatCount(size.height)} pixels: more than the ${formatCount(MOST_PIXELS)} that are drawn here.`
        : 'Its size cannot be told from its first bytes, so that it is not drawn.';
      return;
    }
    try {
      const bitmap = await createImageBitmap(new Blob([bytes as BlobPart], { type: this.mediaType }));
      if (this.bytes === bytes && canvas) {
        [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
        canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
        this.said = `${formatCount(bitmap.width)} × ${formatCount(bitmap.height)} pixels, ${this.mediaType}`;
      }
      bitmap.close();
    } catch {
      this.said = 'The browser cannot decode it.';
    }
  }
}

declare global {
  interface HTMLElementTagNameMap { 'portolan-picture': Picture }
}
