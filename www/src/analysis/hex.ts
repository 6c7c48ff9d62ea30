/** Bytes on a line. */
export const HEX_WIDTH = 16;

export interface HexLine {
  /** `000001f0`. */
  offset: string;
  /** `7f 45 4c 46  02 01 …`, in two groups. */
  bytes: string;
  /** What of it is printable ASCII; the rest as dots. */
  text: string;
}

/** Lines of a hex view, as many bytes as `count`. */
export function hexLines(bytes: Uint8Array, count: number): HexLine[] {
  const lines: HexLine[] = [];
  const end = Math.min(count, bytes.length);
  for (let at = 0; at < end; at += HEX_WIDTH) {
    const part = bytes.subarray(at, Math.min(at + HEX_WIDTH, end));
    const pairs = Array.from(part, (byte) => byte.toString(16).padStart(2, '0'));
    const bytesText = `${pairs.slice(0, 8).join(' ')}  ${pairs.slice(8).join(' ')}`.padEnd(HEX_WIDTH * 3);
    lines.push({ offset: at.toString(16).padStart(8, '0'), bytes: bytesText, text: Array.from(part, printable).join('') });
  }
  return lines;
}

function printable(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}

/** Bytes as text: UTF-8, what is none replaced, and no half character where the bytes were cut. */
export function decodeText(bytes: Uint8Array, complete: boolean): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: !complete });
}
