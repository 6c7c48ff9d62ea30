import type { FileContent } from './types.js';

/** Images that browsers draw and that cannot run anything: never SVG. */
const IMAGES: readonly [mediaType: string, magic: string, offset?: number][] = [
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF87a'],
  ['image/gif', 'GIF89a'],
  ['image/webp', 'WEBP', 8],
  ['image/bmp', 'BM'],
  ['image/x-icon', '\0\0\x01\0'],
];
/** How much of a file is looked at. */
const LOOK = 8192;
/** One control character in so many bytes is forgiven in text. */
const FORGIVEN = 50;

/** What the first bytes of a file look like. */
export function looksLike(bytes: Uint8Array): Pick<FileContent, 'kind' | 'mediaType'> {
  const mediaType = imageType(bytes);
  if (mediaType) return { kind: 'image', mediaType };
  return { kind: isText(bytes.subarray(0, LOOK)) ? 'text' : 'binary' };
}

function imageType(bytes: Uint8Array): string | undefined {
  const starts = (magic: string, offset: number) => [...magic].every((char, at) => bytes[offset + at] === char.charCodeAt(0));
  const found = IMAGES.find(([, magic, offset = 0]) => starts(magic, offset));
  // Two letters are not much, and RIFF files can be other things.
  if (found?.[0] === 'image/bmp' && !isBitmap(bytes)) return undefined;
  if (found?.[0] === 'image/webp' && !starts('RIFF', 0)) return undefined;
  return found?.[0];
}

/** Reserved fields are zero, and the size of its second header is one that exists. */
function isBitmap(bytes: Uint8Array): boolean {
  if (bytes.length < 26) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(6, true) === 0 && [12, 40, 52, 56, 64, 108, 124].includes(view.getUint32(14, true));
}

/** No NUL, and hardly a control character but those of text: UTF-8 or an older encoding. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  const odd = bytes.reduce((count, byte) => count + (byte < 32 && !(byte >= 8 && byte <= 13) && byte !== 27 ? 1 : 0), 0);
  return odd * FORGIVEN <= bytes.length;
}
