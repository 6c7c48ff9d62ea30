import type { ErrorKind } from 'portolan';
import { duration } from './format';
import { visible, cap } from './text';

/** The designed states of a panel that could not show what it should. */
export type TroubleState =
  | 'denied' | 'missing' | 'busy' | 'unreachable' | 'blocked' | 'refused' | 'unsupported'
  | 'broken' | 'too-large' | 'unverified' | 'invalid' | 'cancelled';

/** What is known about a failure; `PortolanError` has this shape, and any other error is brought into it. */
export interface Failure {
  kind: ErrorKind;
  message: string;
  status?: number;
  code?: string;
  host?: string;
  stage?: string;
  retryable: boolean;
  retryAfter?: number;
}

export interface Trouble {
  state: TroubleState;
  title: string;
  /** What happened, in the words of the SDK or the registry: data, already made visible. */
  detail: string;
  /** What to do next: whole sentences. */
  steps: string[];
  /** A line of configuration or a command to copy. */
  remedy?: string;
  retry: boolean;
  /** For a failed verification: the digest that was named, and that of the bytes which came. */
  digests?: { expected: string; found: string };
  /** Kind, status, code, host: for the person who asks for help. */
  facts: string;
}

/** Where the failure happened, as far as the advice depends on it. */
export interface Scene {
  /** `repositories`, `tags of team/app`: what would be here. */
  what: string;
  mode: 'relay' | 'direct';
  registryHost: string;
  /** The token scope that reading needs: `repository:team/app:pull`. */
  scope?: string;
}

type Describe = (failure: Failure, scene: Scene) => Omit<Trouble, 'detail' | 'facts' | 'retry'> & { retry?: boolean };

const denied: Describe = (_failure, scene) => ({
  state: 'denied',
  title: `The registry did not allow reading the ${scene.what}`,
  steps: [
    ...(scene.scope ? [`The scope that was refused is ${scene.scope}.`] : []),
    ...(scene.mode === 'relay'
      ? ['The portal’s server signs in with the credentials in its Docker configuration. Sign in on that machine, then try again.']
      : ['Sign in below. The credential stays in the memory of this tab and goes to no other host.']),
  ],
  remedy: scene.mode === 'relay' ? `docker login ${scene.registryHost}` : undefined,
  retry: true,
});

const untrusted: Describe = (_failure, scene) => ({
  state: 'denied',
  title: 'The registry sends sign-in to a host it is not known to belong to',
  steps: [`Credentials of ${scene.registryHost} were not sent there. If you know that host, add it to the registry’s trusted realms.`],
});

const unreachable: Describe = (_failure, scene) => ({
  state: 'unreachable',
  title: `${scene.registryHost} could not be reached`,
  steps: ['Check that the registry is running and that its address is right, then try again.'],
  retry: true,
});

const broken: Describe = (_failure, scene) => ({
  state: 'broken',
  title: `The answer of ${scene.registryHost} could not be used`,
  steps: ['The registry answered, but not as the distribution specification says. Its operator can help with the facts below.'],
  retry: true,
});

const unverified: Describe = (failure) => ({
  state: 'unverified', digests: digestsOf(failure.message),
  title: 'Verification failed: these are not the bytes that were named',
  steps: ['Nothing of them is shown or saved. Do not use this content until it is known why it differs.'],
  retry: true,
});

const invalid: Describe = (_failure, scene) => ({
  state: 'invalid', title: `The name of this is not allowed: ${scene.what}`, steps: ['Check the name in the address.'],
});

const refused: Describe = () => ({
  state: 'refused', title: 'This was not done, to be safe',
  steps: ['An answer of the registry asked for a step that could give secrets or requests to the wrong host.'],
});

const tls: Describe = (failure, scene) => ({
  ...unreachable(failure, scene),
  title: `No secure connection to ${scene.registryHost}`,
  steps: ['Check the certificate of the registry; a private authority must be known to the portal’s server.'],
});

const busy: Describe = (failure, scene) => ({
  state: 'busy',
  title: `${scene.registryHost} asks us to slow down`,
  steps: [failure.retryAfter === undefined ? 'Wait a little, then try again.' : `It will answer again in ${duration(failure.retryAfter)}.`],
  retry: true,
});

const unavailable: Describe = (failure, scene) => ({ ...busy(failure, scene), title: `${scene.registryHost} cannot answer at the moment` });

const blocked: Describe = (_failure, scene) => ({
  state: 'blocked',
  title: 'The browser was not allowed to read the registry’s answer',
  steps: [
    `${scene.registryHost} must answer with headers that name this page, or be read through the portal’s server, which needs no change at the registry.`,
  ],
  retry: true,
});

const tooLarge: Describe = () => ({
  state: 'too-large', title: 'This is larger than the portal reads',
  steps: ['The limits protect this tab. The command line reads it with limits of your own.'],
});

/** The SDK names the expected digest first. */
function digestsOf(message: string): Trouble['digests'] {
  const [expected, found] = message.match(/\bsha(?:256:[a-f0-9]{64}|512:[a-f0-9]{128})\b/g) ?? [];
  return expected && found ? { expected, found } : undefined;
}

/** Exhaustive on purpose: a new kind in the SDK is a type error here until somebody has designed its state. */
const DESCRIBE: Record<ErrorKind | 'CorruptLayer', Describe> = {
  InvalidReference: invalid, InvalidDigest: invalid, InvalidMediaType: broken,
  Unauthorized: denied, Denied: denied, RealmNotTrusted: untrusted, InvalidToken: denied, InvalidChallenge: broken, InvalidCredential: denied,
  NotFound: (_failure, scene) => ({
    state: 'missing', title: `The registry has no ${scene.what}`,
    steps: ['It may have been deleted, or never have been there. Some registries also say this to hide what you may not read.'], retry: true,
  }),
  RateLimited: busy, Unavailable: unavailable, Refused: refused,
  Conflict: (_failure, scene) => ({
    state: 'refused', title: `The ${scene.what} does not allow this as it is now`, steps: ['Something else is under way, or it is locked. Its owner can tell.'], retry: true,
  }),
  Failed: (_failure, scene) => ({ state: 'broken', title: `What ${scene.registryHost} began with the ${scene.what} failed`, steps: ['The reason is in its own words above.'], retry: true }),
  Unsupported: (_failure, scene) => ({
    state: 'unsupported', title: `${scene.registryHost} does not offer the ${scene.what}`, steps: ['Other parts of it may still be read.'],
  }),
  InvalidJson: broken, InvalidDocument: broken, AmbiguousManifest: broken, UnexpectedContentType: broken, UnexpectedResponse: broken, InvalidHeader: broken,
  InvalidRedirect: refused, TooManyRedirects: broken, InvalidLink: refused, LoopDetected: broken,
  DigestMismatch: unverified, SizeMismatch: unverified,
  CorruptLayer: (_failure, scene) => ({
    state: 'broken', title: `The ${scene.what} cannot be read: it is damaged`,
    steps: ['Its bytes have the digest that was named, so that reading it again changes nothing: it was stored like this. Who built the image can build it anew.'],
  }),
  LimitExceeded: tooLarge,
  Network: unreachable, Timeout: unreachable, Stalled: unreachable, Tls: tls, Insecure: refused, BlockedByBrowser: blocked,
  Aborted: (_failure, scene) => ({ state: 'cancelled', title: `Reading the ${scene.what} was stopped`, steps: [], retry: true }),
  Misuse: (_failure, scene) => ({ state: 'broken', title: `The portal failed to show the ${scene.what}`, steps: ['This is a fault of the portal itself.'], retry: true }),
};

/** What the portal's server says of a registry that it could not read: to the SDK these are answers like any other. */
const RELAY = new Map<string, Describe>([
  ['PORTAL_UPSTREAM_UNREACHABLE', unreachable], ['PORTAL_UPSTREAM_TIMEOUT', unreachable], ['PORTAL_UPSTREAM_FAILED', broken],
]);

/** The one way from an error to the state of a panel. */
export function describeTrouble(error: unknown, scene: Scene): Trouble {
  const failure = toFailure(error);
  // Kinds may come that this build does not know: the SDK says to treat them as failures.
  const described = (RELAY.get(failure.code ?? '') ?? DESCRIBE[failure.kind as ErrorKind] ?? broken)(failure, scene);
  const message = failure.message.endsWith('.') ? failure.message : `${failure.message}.`;
  return { retry: failure.retryable, ...described, detail: cap(visible(message), 1000), facts: facts(failure) };
}

/** Brings whatever was thrown into one shape. Foreign errors are faults of the portal, and say so. */
export function toFailure(error: unknown): Failure {
  if (typeof error === 'object' && error !== null) {
    const { name, message, kind } = error as Partial<Failure> & { name?: string };
    if (typeof kind === 'string' && typeof message === 'string') return error as Failure;
    if (name === 'AbortError') return { kind: 'Aborted', message: 'The request was stopped', retryable: true };
    if (typeof message === 'string') return { kind: 'Misuse', message, retryable: false };
  }
  return { kind: 'Misuse', message: 'Something was thrown that is no error', retryable: false };
}

function facts(failure: Failure): string {
  const known = [failure.kind, failure.status && `HTTP ${failure.status}`, failure.code, failure.stage, failure.host];
  return cap(visible(known.filter(Boolean).join(' · ')), 300);
}
