import { isDigest } from './digest';

/** A number as the document wrote it: sizes above 2^53 must not be rounded on their way to the screen. */
export class ExactNumber {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

export type Json = null | boolean | string | ExactNumber | Json[] | { [key: string]: Json };

/** What a digest in a document names, as far as the document tells. */
export type DigestRole = 'manifest' | 'config' | 'layer';

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

/** Parses a document that the SDK has checked already (depth, duplicates, size). Undefined where it is no JSON. */
export function parseJson(bytes: Uint8Array): Json | undefined {
  const exact: Reviver = (_key, value, context) => (
    typeof value === 'number' ? new ExactNumber(context?.source ?? String(value)) : value);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), exact) as Json;
  } catch {
    return undefined;
  }
}

/** Every digest that the manifest names in a descriptor, with its role. Only these become links. */
export function digestRoles(document: Json): Map<string, DigestRole> {
  const roles = new Map<string, DigestRole>();
  if (!isObject(document)) return roles;
  const add = (descriptor: Json | undefined, role: DigestRole): void => {
    if (!isObject(descriptor)) return;
    const { digest } = descriptor;
    if (typeof digest === 'string' && isDigest(digest) && !roles.has(digest)) roles.set(digest, role);
  };
  add(document['config'], 'config');
  add(document['subject'], 'manifest');
  for (const layer of list(document['layers'])) add(layer, 'layer');
  for (const entry of list(document['manifests'])) {
    add(entry, 'manifest');
    const reference = isObject(entry) && isObject(entry['annotations']) ? entry['annotations']['vnd.docker.reference.digest'] : undefined;
    if (typeof reference === 'string' && isDigest(reference) && !roles.has(reference)) roles.set(reference, 'manifest');
  }
  return roles;
}

export function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
