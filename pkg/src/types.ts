import type { PortolanError } from './error.js';

/** Who must act, and on what: see `PortolanError.kind`. The set grows; treat unknown kinds as failures. */
export type ErrorKind =
  | 'InvalidReference' | 'InvalidDigest' | 'InvalidMediaType'
  | 'Unauthorized' | 'Denied' | 'NotFound' | 'RealmNotTrusted' | 'InvalidToken' | 'InvalidChallenge' | 'InvalidCredential'
  | 'RateLimited' | 'Unavailable' | 'Refused' | 'Conflict' | 'Failed' | 'Unsupported'
  | 'InvalidJson' | 'InvalidDocument' | 'AmbiguousManifest' | 'UnexpectedContentType' | 'UnexpectedResponse' | 'InvalidHeader'
  | 'InvalidRedirect' | 'TooManyRedirects' | 'InvalidLink' | 'LoopDetected'
  | 'DigestMismatch' | 'SizeMismatch' | 'CorruptLayer'
  | 'LimitExceeded'
  | 'Network' | 'Timeout' | 'Stalled' | 'Tls' | 'Insecure' | 'BlockedByBrowser' | 'Aborted'
  | 'Misuse';

/** A repository, tag or digest as the registry wrote it: untrusted text. */
export type Untrusted = string;

export interface Platform {
  os: string;
  architecture: string;
  variant?: string;
  osVersion?: string;
  osFeatures?: string[];
}

export interface Descriptor {
  mediaType: string;
  digest: string;
  /** Bytes, exact. */
  size: bigint;
  platform?: Platform;
  artifactType?: string;
  annotations: Record<string, string>;
  /** Foreign layer addresses. Text only: portolan never fetches them. */
  urls: string[];
}

interface ManifestBase {
  digest: string;
  mediaType: string;
  /** Bytes of the manifest itself, exact. */
  size: bigint;
  artifactType?: string;
  annotations: Record<string, string>;
  subject?: Descriptor;
  /** The very bytes that `digest` names. */
  bytes: Uint8Array;
  /** True if a tag moved between two requests; the answer is that of the later one. */
  moved: boolean;
}

/** OCI image manifest or Docker schema 2 manifest (artifacts that use this shape included). */
export interface ImageManifest extends ManifestBase { kind: 'image'; config: Descriptor; layers: Descriptor[] }
/** OCI image index or Docker manifest list. */
export interface ImageIndex extends ManifestBase { kind: 'index'; manifests: Descriptor[] }
/** Bytes of a media type portolan does not know. */
export interface OpaqueManifest extends ManifestBase { kind: 'opaque' }
export type Manifest = ImageManifest | ImageIndex | OpaqueManifest;

export interface ManifestHead { digest: string; mediaType: string; size: bigint }

export interface HistoryEntry {
  created?: string;
  createdBy?: string;
  author?: string;
  comment?: string;
  emptyLayer: boolean;
}

export interface ImageConfig {
  digest: string;
  architecture?: string;
  os?: string;
  variant?: string;
  osVersion?: string;
  created?: string;
  author?: string;
  user?: string;
  entrypoint?: string[];
  cmd?: string[];
  env: string[];
  workingDir?: string;
  exposedPorts: string[];
  volumes: string[];
  labels: Record<string, string>;
  stopSignal?: string;
  diffIds: string[];
  history: HistoryEntry[];
  bytes: Uint8Array;
}

/** One step that made the image: a layer, or an instruction that made none. Bottom first. */
export interface Layer {
  mediaType: string;
  digest: string;
  /** Compressed bytes, exact. */
  size: bigint;
  /** Undefined where the config does not tell. */
  diffId?: string;
  /** The command that made the layer; undefined where history and layers do not match. */
  command?: string;
  created?: string;
  comment?: string;
  annotations: Record<string, string>;
  urls: string[];
}

export interface Image {
  manifest: ImageManifest;
  /** The index through which the platform was chosen. */
  index?: ImageIndex;
  platform?: Platform;
  /** Undefined for artifacts whose config is no image config. */
  config?: ImageConfig;
  layers: Layer[];
  /** False where history and layers do not match, so that commands are unknown. */
  historyMatches: boolean;
  /** Sum of the compressed layer sizes, exact. */
  size: bigint;
}

export interface Page {
  items: string[];
  /** Names left out because no registry may use them (illegal, empty, digest-like, repeated). */
  skipped: number;
  /** Set on the last page when the listing is not whole: why, in words that can be shown. */
  truncated?: { kind: ErrorKind; message: string; page: number };
}

/** `for await (const name of registry.repositories())`, or page by page with `.pages()`. */
export interface Listing extends AsyncIterable<string> {
  pages(): AsyncIterableIterator<Page>;
}

export interface Referrers {
  referrers: Descriptor[];
  /** How they were found: the referrers API or the tag schema. */
  source: 'api' | 'tag-schema';
  truncated?: { kind: ErrorKind; message: string; page: number };
}

export interface CallOptions { signal?: AbortSignal | undefined }
export interface ListOptions extends CallOptions { /** Page size asked for; servers may cut it. */ pageSize?: number | undefined }
export interface ManifestOptions extends CallOptions {
  /** The digest that the tag had before, from `head` for example: `moved` tells if it has another now. */
  expected?: string | undefined;
}
export interface ImageOptions extends CallOptions { /** `os/arch[/variant]`; without it the first image of an index. */ platform?: string | undefined }
export interface Progress { /** Position: bytes received and hashed. */ received: bigint; total?: bigint }
export interface BlobOptions extends CallOptions {
  /** From the descriptor: checked, and used to resume. */
  size?: bigint | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}
export interface BlobRangeOptions extends CallOptions {
  /** Of the whole blob, from its descriptor: checked against what the server says. */
  size: bigint;
  /** Where the stretch begins, in bytes. */
  offset: bigint;
  length: bigint;
  onProgress?: ((progress: Progress) => void) | undefined;
}
export interface ReferrerOptions extends CallOptions { artifactType?: string | undefined }

export type Credential =
  | { username: string; password: string }
  /** A refresh token for the registry's token service. */
  | { identityToken: string }
  /** A bearer token, used as it is. */
  | { registryToken: string };

export interface Limits {
  /** Bytes. */ manifest: number;
  /** Bytes. */ page: number;
  pages: number;
  items: number;
  redirects: number;
  attempts: number;
  /** Seconds. */ retryAfter: number;
}

/** The step of the protocol during which a call failed. */
export type Stage =
  | 'arm' | 'attributes' | 'blob' | 'catalog' | 'config' | 'credential' | 'layer' | 'log' | 'manifest' | 'ping' | 'redirect' | 'referrers' | 'relay' | 'tags' | 'token' | 'upload';

/** Time and chance, for tests. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** From 0 up to 1, for the jitter of back-offs. Default: `Math.random`. */
  random?(): number;
}

export interface RegistryOptions {
  credential?: Credential | undefined;
  /** Origins that may be given this registry's credential when it names them as token realm. */
  trustedRealms?: string[] | undefined;
  /** Allow `http:` for a host that is not loopback. */
  plainHttp?: boolean | undefined;
  limits?: Partial<Limits> | undefined;
  /** Your own fetch (tests, service bindings). Default: the global one. It is called with an address and options. */
  fetch?: typeof fetch | undefined;
  /** Your own clock (tests). */
  clock?: Clock | undefined;
}

/** What `/v2/` says. */
export interface Ping {
  /** `Docker-Distribution-Api-Version`. */
  apiVersion?: Untrusted;
  /** True if a credential was sent and taken. */
  authenticated: boolean;
}

/** The parts of a reference such as `localhost:5000/team/app:1.0@sha256:...`, Docker's short names written out. */
export interface Reference {
  host: string;
  repository: string;
  /** `latest` where neither tag nor digest was written. */
  tag?: string;
  digest?: string;
}

/** Where the module comes from: its address, an answer that brings it, its bytes, or the compiled module. */
export type InitInput = URL | Response | BufferSource | WebAssembly.Module;

/** Why a registry cannot be used from here, and who can do what about it. */
export interface Diagnosis {
  /** The registry answered this client as a registry does. */
  reachable: boolean;
  /** True if something answers at the address, though this page may not read it; undefined where nobody looked. */
  answers?: boolean;
  /** Response headers that the host would have to send, with the values it would need. */
  missingHeaders: { name: string; value: string }[];
  /** Sentences for a person. */
  advice?: string;
  error?: PortolanError;
}
