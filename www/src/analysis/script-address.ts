/**
 * The address of a script that may be loaded: of the same origin, in the folder of the script `own` or below it, a script by its name, and
 * as it was built, without query. Null for all others, which the browser then refuses.
 */
export function allowScript(address: string, own: string): string | null {
  const folder = new URL('.', own);
  let url: URL;
  try {
    url = new URL(address, own);
  } catch {
    return null;
  }
  const inside = url.origin === folder.origin && url.protocol === folder.protocol && url.pathname.startsWith(folder.pathname);
  // What the server decodes is not what is compared here: nothing encoded may climb out of the folder.
  const plain = url.username === '' && url.password === '' && url.search === '' && /^[\w./-]+\.m?js$/.test(url.pathname);
  return inside && plain ? url.href : null;
}
