import type { CallOptions, Clock, Credential, Limits, Untrusted } from '../types.js';

/** A cloud by its name, or the addresses of another one: Azure Stack, an emulator. */
export type Cloud = 'public' | 'china' | 'usGovernment' | 'germany' | {
  /** Address of ARM. */
  arm: string;
  /** Address of Entra's token service, without tenant. */
  authority: string;
  /** What tokens are asked for. Default: `https://management.azure.com`. */
  audience?: string | undefined;
  /** Where the machine asks for tokens of its own identity. */
  identityEndpoint?: string | undefined;
};

/** Who is asking. A secret goes to the authority alone. */
export type Identity =
  /** A service principal. */
  | { tenant: string; clientId: string; clientSecret: string }
  /** A user who has signed in: see `signIn`. */
  | { tenant: string; clientId: string; refreshToken: string }
  /** The machine's own identity, or one of them by its client id. */
  | { managedIdentity: true | { clientId: string } }
  /** A token that you have got. `expires`: when it ends, in seconds since 1970. */
  | { accessToken: string; expires?: number | undefined };

/** What every session takes. */
export interface AzureOptions {
  /** Default: `public`. */
  cloud?: Cloud | undefined;
  limits?: Partial<Limits> | undefined;
  /** Your own fetch (tests, proxies). Default: the global one. */
  fetch?: typeof fetch | undefined;
  /** Your own clock (tests). */
  clock?: Clock | undefined;
}

export interface ArmOptions extends AzureOptions {
  subscription: string;
  identity: Identity;
}

export interface AcrOptions extends AzureOptions {
  /** An identity of Entra, or a credential of the registry's own: admin, service principal, scoped token. */
  identity?: Identity | undefined;
  credential?: Credential | undefined;
}

/** A document as ARM wrote it: fields that this package does not name are there too. */
export type Raw = Readonly<Record<string, unknown>>;

/** What all resources have. */
export interface Resource {
  /** Path at ARM. */
  id: string;
  name: string;
  location: string;
  tags: Record<string, string>;
  /** `Succeeded` when it is ready. */
  provisioningState: string;
  raw: Raw;
}

export interface RegistryRecord extends Resource {
  sku: string;
  /** Host name of its distribution API. */
  loginServer: string;
  creationDate: string;
  adminUserEnabled: boolean;
  anonymousPullEnabled: boolean;
  dataEndpointEnabled: boolean;
  dataEndpointHostNames: string[];
}

export interface RegistrySettings {
  sku?: 'Basic' | 'Standard' | 'Premium' | undefined;
  tags?: Record<string, string> | undefined;
  adminUserEnabled?: boolean | undefined;
  anonymousPullEnabled?: boolean | undefined;
  dataEndpointEnabled?: boolean | undefined;
  /** Further properties, by ARM's names. */
  properties?: Record<string, unknown> | undefined;
}

export interface NameCheck {
  available: boolean;
  reason?: string;
  message?: Untrusted;
}

export interface Login {
  username: string;
  passwords: { name: string; value: string }[];
}

export interface Usage {
  name: string;
  /** Absent where there is no bound. */
  limit?: number;
  current: number;
  unit: string;
}

export interface Replication extends Resource {
  /** `Provisioning`, `Syncing`, `Ready` or any other word; absent for a while after its creation. */
  displayStatus?: string;
  message?: Untrusted;
  timestamp?: string;
  /** The registry's global endpoint leads here. */
  regionEndpointEnabled: boolean;
}

export interface Run extends Resource {
  runId: string;
  /** `Queued`, `Running`, `Succeeded`, `Failed` and others. */
  status: string;
  images: { registry: string; repository: string; tag: string; digest: string }[];
  errorMessage?: Untrusted;
}

export interface BuildOptions {
  /** What an upload was called, or the address of a git repository or archive. */
  source: string;
  /** Default: `Dockerfile`. */
  dockerfile?: string | undefined;
  /** `repository:tag` each. */
  images?: string[] | undefined;
  push?: boolean | undefined;
  noCache?: boolean | undefined;
  target?: string | undefined;
  arguments?: { name: string; value: string; isSecret?: boolean }[] | undefined;
  /** Default: Linux, amd64. */
  platform?: { os?: string; architecture?: string; variant?: string } | undefined;
  /** Seconds: 300 to 28,800. */
  timeout?: number | undefined;
  cpu?: number | undefined;
}

/** An image to import, and what it is to be called. */
export interface ImportOptions {
  /** A registry of Azure by its path at ARM (`Resource.id`), or any by its host, with a login where it wants one. A token has no user. */
  from: { resourceId: string } | { host: string; username?: string | undefined; password?: string | undefined };
  /** `repository:tag` or `repository@digest`; an index comes with all of its images. */
  image: string;
  /** `repository:tag` each; without a tag it gets the source's. */
  tags?: string[] | undefined;
  /** Repositories that get it without a tag. */
  repositories?: string[] | undefined;
  /** Tags that are there may get another image. */
  force?: boolean | undefined;
}

/** How a build ended, as its log tells. */
export type RunOutcome = 'success' | 'failure' | 'timedOut' | 'canceled';

export interface ContainerOptions {
  image: string;
  location: string;
  /** Login of the image's registry. */
  username?: string | undefined;
  password?: string | undefined;
  /** Default: 80. */
  ports?: number[] | undefined;
  dnsLabel?: string | undefined;
  cpu?: number | undefined;
  /** GB, in tenths. Default: 1.5. */
  memory?: number | undefined;
  command?: string[] | undefined;
  environment?: Record<string, string> | undefined;
  restartPolicy?: 'Always' | 'OnFailure' | 'Never' | undefined;
}

export interface ContainerGroup extends Resource {
  ip?: string;
  fqdn?: string;
  state?: string;
}

export interface ScopedToken extends Resource {
  /** Id of its scope map. */
  scopeMap: string;
}

/** What may be done with a repository, a tag or a manifest. */
export interface Attributes {
  deleteEnabled: boolean;
  writeEnabled: boolean;
  readEnabled: boolean;
  listEnabled: boolean;
}

/** A change of attributes; what is absent stays. */
export type AttributeChange = { [K in keyof Attributes]?: boolean | undefined };

export interface AcrRepository {
  name: string;
  created: string;
  updated: string;
  manifests: number;
  tags: number;
  attributes: Attributes;
  raw: Raw;
}

export interface AcrTag {
  name: string;
  digest: string;
  created: string;
  updated: string;
  attributes: Attributes;
  raw: Raw;
}

export interface AcrManifest {
  digest: string;
  /** Bytes. */
  imageSize: number;
  created: string;
  updated: string;
  mediaType: string;
  architecture?: string;
  os?: string;
  tags: string[];
  attributes: Attributes;
  raw: Raw;
}

export interface AcrListOptions extends CallOptions {
  order?: 'name' | 'newest' | 'oldest' | undefined;
  /** Entries of a page; registries may cut it. */
  pageSize?: number | undefined;
}

/** One page of records. */
export interface RecordPage<T> {
  items: T[];
  /** Entries left out: unreadable, repeated. */
  skipped: number;
  /** Why the list is not whole, if this page is its last and it is not. */
  truncated?: { kind: import('../types.js').ErrorKind; message: string; page: number };
}

/** Records one by one, or page by page. A loop over records throws at the end of a list that is not whole. */
export interface RecordListing<T> extends AsyncIterable<T> {
  pages(): AsyncIterable<RecordPage<T>>;
}

/** What a person needs to sign in on another device. */
export interface DeviceCode {
  userCode: string;
  verificationUri: Untrusted;
  message: Untrusted;
  /** Seconds. */
  expiresIn: number;
}

/** A file of a build context. */
export interface ContextFile {
  /** With `/` between its parts, relative to the context's root. */
  path: string;
  data: Uint8Array | string;
  /** Permissions. Default: 0o644. */
  mode?: number | undefined;
}

export interface PackedContext {
  /** A gzipped tar archive. */
  archive: Uint8Array;
  /** Name of the Dockerfile in it. */
  dockerfile: string;
}
