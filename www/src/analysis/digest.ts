const DIGEST = /^([a-z0-9]+(?:[.+_-][a-z0-9]+)*):([A-Za-z0-9=_-]{1,256})$/;

/** Whether the text has the shape of a digest, of an algorithm known or not. */
export function isDigest(text: string): boolean {
  const match = DIGEST.exec(text);
  if (!match) return false;
  const [, algorithm, value] = match;
  if (algorithm === 'sha256') return /^[a-f0-9]{64}$/.test(value ?? '');
  if (algorithm === 'sha512') return /^[a-f0-9]{128}$/.test(value ?? '');
  return /^[A-Za-z0-9=_-]{32,}$/.test(value ?? '');
}

/** Twelve characters of the value, the algorithm dropped. */
export function shortDigest(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1).slice(0, 12);
}

export interface Mark {
  /** Degrees on the colour wheel. */
  hue: number;
  /** Filled cells `[column, row]` of a 5 x 5 grid, mirrored left to right. */
  cells: [number, number][];
}

/** The same digest always has the same mark, so that "same image" is seen before it is read. */
export function digestMark(digest: string): Mark {
  const bits = hash(digest);
  const cells: [number, number][] = [];
  for (let cell = 0; cell < 15; cell += 1) {
    if (((bits >>> cell) & 1) === 0) continue;
    const column = cell % 3;
    const row = Math.floor(cell / 3);
    cells.push([column, row]);
    if (column < 2) cells.push([4 - column, row]);
  }
  return { hue: (bits >>> 15) % 360, cells };
}

/** FNV-1a with a final mix: spreads texts that are no hex just as well. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  value = Math.imul(value ^ (value >>> 12), 0x297a2d39);
  return (value ^ (value >>> 15)) >>> 0;
}
