/** What is in the made-up files: text, a picture, or bytes. */
import type { FileContent, FileRow } from '../../../pkg/src/layers/types';
import { number } from '../fake-data';

export async function contentOf(row: FileRow, limit: number): Promise<FileContent> {
  const size = row.size;
  if (/\.png$/.test(row.path)) {
    const bytes = await picture(row.path);
    return { bytes: bytes.subarray(0, limit), size: bytes.length, complete: bytes.length <= limit, verified: bytes.length <= limit, kind: 'image', mediaType: 'image/png', downloaded: 2_100_000 };
  }
  const text = /\.(?:py|md|json|txt|conf|pl|list|md5sums|env|crt|js|log|postinst|shlibs)$|\/(?:status|hosts|passwd|group|os-release|profile|copyright|line[^/]*)$/s.test(row.path);
  const length = Math.min(size, limit);
  const bytes = text ? textOf(row.path, length) : binary(row.path, length);
  return { bytes, size, complete: length === size, verified: length === size, kind: text ? 'text' : 'binary', downloaded: Math.min(3_000_000, 700_000 + size) };
}

const LINES: Record<string, readonly string[]> = {
  py: ['"""Views of the storefront."""', 'from django.http import HttpRequest, HttpResponse', '', '', 'def total(request: HttpRequest) -> HttpResponse:',
    '    basket = request.session.get("basket", [])', '    return HttpResponse(sum(item.price for item in basket))', ''],
  json: ['{', '  "name": "storefront",', '  "markup": "<script>alert(1)</script>",', '  "currencies": ["EUR", "SEK", "JPY"],', '  "direction": "\u202Ereversed\u202C"', '}'],
  md: ['# Storefront', '', 'Sells charts, sextants and rope.', '', '<img src=x onerror=alert(1)> is shown as it is written.', ''],
  other: ['# made up, so that there is something to read', 'harbour=north', 'tide=high', 'wind=12', ''],
};

function textOf(path: string, length: number): Uint8Array<ArrayBuffer> {
  const lines = LINES[path.slice(path.lastIndexOf('.') + 1)] ?? LINES['other'] ?? [];
  const one = `${lines.join('\n')}\n`;
  return new TextEncoder().encode(one.repeat(Math.ceil(length / one.length))).slice(0, length);
}

function binary(seed: string, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let value = number(seed);
  for (let at = 0; at < length; at += 1) {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = value >>> 24;
  }
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0].slice(0, length));
  return bytes;
}

/** A small chart: land, water and soundings. */
async function picture(seed: string): Promise<Uint8Array<ArrayBuffer>> {
  const [width, height] = [320, 200];
  const raw = new Uint8Array((width * 3 + 1) * height);
  const shift = number(seed) % 60;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const land = y > 90 + 40 * Math.sin((x + shift) / 38) + 14 * Math.sin(x / 9);
      const line = !land && (y + Math.round(10 * Math.sin(x / 30))) % 24 === 0;
      raw.set(land ? [228, 212, 164] : line ? [140, 180, 200] : [205, 228, 236], y * (width * 3 + 1) + 1 + x * 3);
    }
  }
  const packed = new Uint8Array(await new Response(new Blob([raw]).stream().pipeThrough(new CompressionStream('deflate'))).arrayBuffer());
  const header = new Uint8Array([0, 0, width >> 8, width & 255, 0, 0, height >> 8, height & 255, 8, 2, 0, 0, 0]);
  const parts = [new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), chunk('IHDR', header), chunk('IDAT', packed), chunk('IEND', new Uint8Array())];
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const made = new Uint8Array(12 + data.length);
  const view = new DataView(made.buffer);
  view.setUint32(0, data.length);
  made.set(new TextEncoder().encode(name), 4);
  made.set(data, 8);
  view.setUint32(8 + data.length, crc(made.subarray(4, 8 + data.length)));
  return made;
}

function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}
