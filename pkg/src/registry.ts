import type * as module from '../wasm/portolan.js';
import { diagnose } from './diagnose.js';
import { aborted, asError } from './error.js';
import { init, ready } from './init.js';
import { listing } from './listing.js';
import { type Settings, settings } from './options.js';
import { type RawImage, type RawManifest, type RawReferrers, toHead, toImage, toManifest, toReferrers } from './records.js';
import { blobStream } from './stream.js';
import type {
  BlobOptions, BlobRangeOptions, CallOptions, Diagnosis, Image, ImageOptions, Listing, ListOptions, Manifest, ManifestHead, ManifestOptions, Ping, ReferrerOptions, Referrers,
  RegistryOptions,
} from './types.js';

/**
 * One registry. Calls share its tokens, back-off and connections, so keep one per registry. Nothing is sent, and nothing
 * is checked, before the first call. Every call rejects with a `PortolanError`.
 */
export class Registry {
  /** The address as given. */
  readonly url: string;
  readonly #settings: Settings;
  #inner: module.Registry | undefined;

  /** `url`: such as `https://registry.example`, or a path on a server that relays to one. */
  constructor(url: string | URL, options: RegistryOptions = {}) {
    this.url = String(url);
    this.#settings = settings(options);
  }

  /** Asks `/v2/`: is this a registry, and does it take the credential? */
  ping(options: CallOptions = {}): Promise<Ping> {
    return this.#call(options, async (inner, signal) => JSON.parse(await inner.ping(signal)) as Ping);
  }

  /** Repositories, in the registry's order. */
  repositories(options: ListOptions = {}): Listing {
    return listing(() => this.#open().then((inner) => inner.repositories(options.pageSize)), options.signal);
  }

  /** Tags of a repository, in the registry's order. */
  tags(repository: string, options: ListOptions = {}): Listing {
    return listing(() => this.#open().then((inner) => inner.tags(repository, options.pageSize)), options.signal);
  }

  /** Digest, media type and size of a manifest. `reference`: a tag or a digest. */
  head(repository: string, reference: string, options: CallOptions = {}): Promise<ManifestHead> {
    return this.#call(options, async (inner, signal) => toHead(await inner.head(repository, reference, signal)));
  }

  /** A manifest, verified against its digest. `reference`: a tag or a digest. */
  manifest(repository: string, reference: string, options: ManifestOptions = {}): Promise<Manifest> {
    return this.#call(options, async (inner, signal) =>
      toManifest(await inner.manifest(repository, reference, options.expected, signal) as RawManifest));
  }

  /** An image with its config and layers; of an index, the image for `options.platform`. */
  image(repository: string, reference: string, options: ImageOptions = {}): Promise<Image> {
    return this.#call(options, async (inner, signal) =>
      toImage(await inner.image(repository, reference, options.platform, signal) as RawImage));
  }

  /**
   * The bytes of a blob, read as fast as you read. Bytes are hashed on the way: the stream ends only if all of them are
   * what `digest` names, and fails otherwise, so keep what you read aside until it has ended. Interrupted reads resume.
   * Cancelling the stream, or aborting `options.signal`, ends the request.
   */
  blob(repository: string, digest: string, options: BlobOptions = {}): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    return this.#call(options, async (inner, signal) =>
      blobStream(await inner.blob(repository, digest, options.size, 0n, undefined, signal), options));
  }

  /**
   * A stretch of a blob: `length` bytes from `offset` on, as far as there are any. **Nothing verifies them**, since a digest
   * is that of the whole: use them only where you know by other means what they must be. Interrupted reads resume, and of
   * a server that ignores ranges the stretch is cut out. Cancelling the stream, or aborting `options.signal`, ends the request.
   */
  blobRange(repository: string, digest: string, options: BlobRangeOptions): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const { size, offset, length, onProgress, signal: caller } = options;
    return this.#call(options, async (inner, signal) =>
      blobStream(await inner.blob(repository, digest, size, offset, offset + length, signal), { size: length, onProgress, signal: caller }));
  }

  /**
   * Who is asking whom, by which caches are kept apart: the address and the user name. Undefined with a token, which does not
   * tell whose it is.
   */
  get identity(): string | undefined {
    const { identityToken, registryToken, username } = this.#settings.module;
    return identityToken === undefined && registryToken === undefined ? `${this.url} ${username ?? ''}` : undefined;
  }

  /** What refers to a manifest: signatures, SBOMs, attestations. Found, not verified. */
  referrers(repository: string, digest: string, options: ReferrerOptions = {}): Promise<Referrers> {
    return this.#call(options, async (inner, signal) =>
      toReferrers(JSON.parse(await inner.referrers(repository, digest, options.artifactType, signal)) as RawReferrers));
  }

  /** Says why the registry cannot be used from here: what is missing, and who can add it. Rejects only if aborted. */
  diagnose(options: CallOptions = {}): Promise<Diagnosis> {
    return diagnose(this, this.#settings, options.signal);
  }

  async #open(): Promise<module.Registry> {
    await init();
    const { fetch, clock, module } = this.#settings;
    this.#inner ??= new (ready().Registry)(this.url, module, fetch, clock);
    return this.#inner;
  }

  async #call<T>(
    { signal }: CallOptions,
    run: (inner: module.Registry, signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) throw aborted(signal);
    try {
      return await run(await this.#open(), signal);
    } catch (thrown) {
      throw asError(thrown, signal);
    }
  }
}
