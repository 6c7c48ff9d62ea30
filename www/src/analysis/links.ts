export interface SafeLink { href: string; host: string }

/** A link that may be drawn: http or https, without credentials in it. Everything else stays text. */
export function safeLink(text: string): SafeLink | undefined {
  if (text.length > 2048 || !/^https?:\/\//i.test(text)) return undefined;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '') return undefined;
  return { href: url.href, host: url.host };
}
