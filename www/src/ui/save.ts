/** Gives bytes to the browser's download. The name comes from a registry: no path, no control characters. */
export function saveBytes(parts: BlobPart[], name: string): void {
  const address = URL.createObjectURL(new Blob(parts, { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name.replace(/[^A-Za-z0-9._-]+/g, '_').replace(/^\.+/, '').slice(0, 120) || 'download';
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
