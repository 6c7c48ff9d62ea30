import { asError } from './error.js';
import { ready } from './init.js';
import type { Reference } from './types.js';

/**
 * Takes a reference apart: `parseReference('alpine')` is `docker.io`, `library/alpine`, `latest`. Answers at once, so the
 * module must be there: `await init()` first.
 *
 * @throws {PortolanError} `InvalidReference` or `InvalidDigest`; `Misuse` before `init()`
 */
export function parseReference(text: string): Reference {
  const module = ready();
  try {
    return JSON.parse(module.parseReference(text)) as Reference;
  } catch (thrown) {
    throw asError(thrown);
  }
}
