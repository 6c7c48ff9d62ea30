import { html, svg, type TemplateResult } from 'lit';
import { strata } from '../analysis/stack';
import type { CommandKind } from '../analysis/command';
import { formatBytes, plural } from '../analysis/format';

const WIDTH = 120;
/** Narrower layers are drawn this wide, so that they are seen at all. */
const LEAST = 1.2;

/** The layers of an image as a small strip to scale, first layer at the left. */
export function layerStrip(layers: readonly { size: bigint; kind: CommandKind }[]): TemplateResult {
  let x = 0;
  const parts = strata(layers.map((layer) => layer.size), 'linear');
  const fixed = parts.filter((part) => part * WIDTH < LEAST).length * LEAST;
  const room = WIDTH - fixed;
  const label = `${plural(layers.length, 'layer')}: ${layers.slice(0, 40).map((layer) => formatBytes(layer.size)).join(', ')}`;
  return html`<svg width=${WIDTH} height="12" viewBox=${`0 0 ${WIDTH} 12`} role="img" aria-label=${label}>
    <title>${label}</title>
    ${layers.map((layer, index) => {
      const part = parts[index] ?? 0;
      const width = part * WIDTH < LEAST ? LEAST : part * room;
      const rect = svg`<rect x=${x} y="0" width=${Math.max(0.6, width - 0.8)} height="12" fill=${`var(--kind-${layer.kind})`} />`;
      x += width;
      return rect;
    })}
  </svg>`;
}
