import type { CallOptions, Credential } from '../types.js';
import { settings as registrySettings } from '../options.js';
import { settings } from './options.js';
import { inner, toAcrManifest, toAcrRepository, toAcrTag } from './records.js';
import { Session } from './session.js';
import type { AcrListOptions, AcrManifest, AcrOptions, AcrRepository, AcrTag, AttributeChange, RecordListing } from './types.js';

/**
 * What a registry of ACR has beside the distribution API: attributes, locks, order, deletion. And tokens: `refreshToken` gives what
 * the `Registry` of `portolan` takes as `credential`.
 */
export class Acr {
  readonly url: string;
  readonly #options: AcrOptions;
  readonly #session: Session;

  constructor(url: string, options: AcrOptions = {}) {
    const { fetch, clock, credential, limits, identity } = options;
    this.url = url;
    this.#options = { ...options };
    const registry = registrySettings({ credential, limits }).module;
    this.#session = new Session(({ Azure }) => Azure.registry(url, registry as never, settings(options, identity) as never, fetch, clock));
  }

  /** Names of the repositories, by ACR's own list. */
  repositories(options: AcrListOptions = {}): RecordListing<string> {
    return this.#session.list('acr.repositories', [size(options)], (name) => name as unknown as string, options);
  }

  async repository(name: string, options?: CallOptions): Promise<AcrRepository> {
    return toAcrRepository(await this.#session.document('acr.repository', [name], options));
  }

  async updateRepository(name: string, change: AttributeChange, options?: CallOptions): Promise<AcrRepository> {
    return toAcrRepository(await this.#session.document('acr.update', [name, JSON.stringify(change)], options));
  }

  /** Deletes a repository with all that is in it. */
  async deleteRepository(name: string, options?: CallOptions): Promise<{ manifests: string[]; tags: string[] }> {
    const { manifestsDeleted, tagsDeleted } = await this.#session.document('acr.delete', [name], options);
    return { manifests: (manifestsDeleted ?? []) as string[], tags: (tagsDeleted ?? []) as string[] };
  }

  tags(repository: string, options: AcrListOptions = {}): RecordListing<AcrTag> {
    return this.#session.list('acr.tags', [repository, options.order ?? 'name', size(options)], toAcrTag, options);
  }

  async tag(repository: string, tag: string, options?: CallOptions): Promise<AcrTag> {
    return toAcrTag(inner(await this.#session.document('acr.tag', [repository, tag], options), 'tag'));
  }

  async updateTag(repository: string, tag: string, change: AttributeChange, options?: CallOptions): Promise<AcrTag> {
    return toAcrTag(inner(await this.#session.document('acr.updateTag', [repository, tag, JSON.stringify(change)], options), 'tag'));
  }

  /** Takes a tag away and leaves its manifest. False if there was no such tag. */
  async untag(repository: string, tag: string, options?: CallOptions): Promise<boolean> {
    return await this.#session.call('acr.untag', [repository, tag], options) !== undefined;
  }

  /** The manifests of a repository, untagged ones among them. */
  manifests(repository: string, options: AcrListOptions = {}): RecordListing<AcrManifest> {
    return this.#session.list('acr.manifests', [repository, options.order ?? 'name', size(options)], toAcrManifest, options);
  }

  async manifest(repository: string, digest: string, options?: CallOptions): Promise<AcrManifest> {
    return toAcrManifest(inner(await this.#session.document('acr.manifest', [repository, digest], options), 'manifest'));
  }

  async updateManifest(repository: string, digest: string, change: AttributeChange, options?: CallOptions): Promise<AcrManifest> {
    return toAcrManifest(inner(await this.#session.document('acr.updateManifest', [repository, digest, JSON.stringify(change)], options), 'manifest'));
  }

  /** Deletes a manifest with every tag that points to it. False if it was not there. */
  async deleteManifest(repository: string, digest: string, options?: CallOptions): Promise<boolean> {
    return await this.#session.call('acr.deleteManifest', [repository, digest], options) !== undefined;
  }

  /** A credential for the `Registry` of `portolan`: the registry's refresh token, good for some three hours. */
  async refreshToken(options: CallOptions = {}): Promise<Credential & { identityToken: string }> {
    const [token] = await this.#anonymous().run(options, (session, signal) =>
      session.token(settings(this.#options, this.#options.identity) as never, true, signal)) as [string, number];
    const { refreshToken } = await this.exchange(token, options);
    return { identityToken: refreshToken };
  }

  /** Exchanges an Entra token for a refresh token of the registry. `lifetime`: seconds. */
  async exchange(accessToken: string, options: CallOptions = {}): Promise<{ refreshToken: string; lifetime: number }> {
    const tenant = this.#options.identity && 'tenant' in this.#options.identity ? this.#options.identity.tenant : undefined;
    const [refreshToken, lifetime] = await this.#anonymous(this.url).run(options, (session, signal) =>
      session.exchange(new URL(this.url).host, accessToken, tenant, signal)) as [string, number];
    return { refreshToken, lifetime };
  }

  #anonymous(url?: string): Session {
    const { fetch, clock } = this.#options;
    return new Session(({ Azure }) => Azure.anonymous(url, settings(this.#options) as never, fetch, clock));
  }
}

function size({ pageSize }: AcrListOptions): string {
  return pageSize === undefined ? '' : String(pageSize);
}
