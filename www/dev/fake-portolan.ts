/**
 * A stand-in for the package `portolan` that answers from memory, for work on the views and for screenshots of states that
 * a real registry shows only by accident. Aliased in the mode `fake`; never part of the production build.
 *
 * The registry's id (the last part of a relay address, or the host of a direct one) chooses how it behaves.
 */
import type {
  BlobOptions, CallOptions, ErrorKind, Image, ImageOptions, Listing, ListOptions, Manifest, ManifestHead, Page, Referrers, RegistryOptions,
} from '../../pkg/src/types';
import { fakeArtifact, fakeDigest, fakeImage, fakeIndex, fakeReferrers, number, PLATFORMS } from './fake-data';

export type * from '../../pkg/src/types';

export class PortolanError extends Error {
  override name = 'PortolanError';
  readonly retryable: boolean;
  status?: number;
  code?: string;
  stage = 'response';
  host?: string;
  retryAfter?: number;

  constructor(readonly kind: ErrorKind, message: string, more: { status?: number; code?: string; host?: string; retryAfter?: number } = {}) {
    super(message);
    Object.assign(this, more);
    this.retryable = kind === 'Network' || kind === 'Unavailable' || kind === 'RateLimited';
  }
}

export function init(_input?: unknown): Promise<void> {
  return Promise.resolve();
}

const FAILURES: Record<string, () => PortolanError> = {
  denied: () => new PortolanError('Denied', 'requested access to the resource is denied', { status: 403, code: 'DENIED', host: 'vault.example' }),
  down: () => new PortolanError('Network', 'connection refused', { host: 'registry.harbour.example:5000' }),
  blocked: () => new PortolanError('BlockedByBrowser', 'the browser hid the answer of https://open.example/v2/', { host: 'open.example' }),
  busy: () => new PortolanError('RateLimited', 'too many requests', { status: 429, code: 'TOOMANYREQUESTS', retryAfter: 3600, host: 'busy.example' }),
};

export class Registry {
  private readonly id: string;

  constructor(url: string, _options?: RegistryOptions) {
    this.id = url.replace(/\/$/, '').split('/').pop() ?? '';
  }

  async ping(options: CallOptions = {}): Promise<{ apiVersion?: string; authenticated: boolean }> {
    await wait(8 + (number(this.id) % 40), options.signal);
    this.fail();
    return { apiVersion: 'registry/2.0', authenticated: this.id !== 'shore' };
  }

  repositories(options: ListOptions = {}): Listing {
    return listing(async (page) => {
      await wait(this.id === 'deep' ? 12 : 40, options.signal);
      this.fail();
      if (this.id === 'empty') return { items: [], skipped: 0 };
      if (this.id !== 'deep') return { items: page === 0 ? REPOSITORIES : [], skipped: page === 0 ? 0 : 0 };
      return slice(10_000, page, (at) => `fleet-${String(at % 120).padStart(3, '0')}/service-${String(at).padStart(5, '0')}`);
    });
  }

  tags(repository: string, options: ListOptions = {}): Listing {
    return listing(async (page) => {
      await wait(this.id === 'deep' ? 12 : 40, options.signal);
      this.fail();
      if (repository === 'team/storefront') return { items: page === 0 ? TAGS : [], skipped: 0 };
      if (repository === 'archive/nightly') return this.nightly(page);
      if (repository === 'team/empty') return { items: [], skipped: 0 };
      if (this.id === 'deep') return slice(50_000, page, (at) => `build-${at}.${number(`t${at}`) % 40}.${number(`p${at}`) % 12}`);
      return { items: page === 0 ? ['latest', '1.0.0', '1.1.0'] : [], skipped: 0 };
    });
  }

  async head(repository: string, reference: string, options: CallOptions = {}): Promise<ManifestHead> {
    const { digest, mediaType, size } = await this.manifest(repository, reference, options);
    return { digest, mediaType, size };
  }

  async manifest(repository: string, reference: string, options: CallOptions = {}): Promise<Manifest> {
    const image = await this.image(repository, reference, options);
    return image.index && image.manifest.digest !== reference ? image.index : image.manifest;
  }

  async image(repository: string, reference: string, options: ImageOptions = {}): Promise<Image> {
    await wait(30 + (number(reference) % 60), options.signal);
    this.fail();
    if (repository === 'charts/storefront') return fakeArtifact('chart');
    if (reference === 'tampered') {
      throw new PortolanError('DigestMismatch', `expected ${fakeDigest('named')}, found ${fakeDigest('served')}`, { host: 'demo.example' });
    }
    if (reference === 'gone') throw new PortolanError('NotFound', 'manifest unknown', { status: 404, code: 'MANIFEST_UNKNOWN', host: 'demo.example' });
    const seed = `${repository}/${ALIASES[reference] ?? reference}`;
    const platform = PLATFORMS.find((known) => options.platform?.includes(known.architecture)) ?? PLATFORMS[0] ?? { os: 'linux', architecture: 'amd64' };
    const plain = reference.includes(':') || (number(seed) % 3 === 0 && repository !== 'team/storefront');
    const index = plain ? undefined : fakeIndex(seed);
    const image = fakeImage(seed, platform, index);
    // Nothing but a config: such images carry settings alone.
    if (repository === 'platform/scheduler') return { ...image, layers: [], size: 0n, historyMatches: false };
    return image;
  }

  async blob(_repository: string, _digest: string, options: BlobOptions = {}): Promise<ReadableStream<Uint8Array>> {
    await wait(20, options.signal);
    this.fail();
    return new Blob([new Uint8Array(Number(options.size ?? 64n))]).stream();
  }

  async referrers(repository: string, digest: string, options: CallOptions = {}): Promise<Referrers> {
    await wait(60, options.signal);
    this.fail();
    if (repository === 'platform/proxy') throw new PortolanError('Unavailable', 'upstream connect error', { status: 503, host: 'demo.example' });
    return { referrers: repository === 'team/storefront' ? fakeReferrers(digest) : [], source: 'api' };
  }

  async diagnose(_options?: CallOptions): Promise<{ reachable: boolean; error?: PortolanError; advice?: string; missingHeaders: { name: string; value: string }[] }> {
    const error = FAILURES[this.id]?.();
    if (!error) return { reachable: true, missingHeaders: [] };
    const missingHeaders = [{ name: 'Access-Control-Allow-Origin', value: location.origin }, { name: 'Access-Control-Expose-Headers', value: 'docker-content-digest, link, www-authenticate' }];
    return { reachable: false, error, missingHeaders, advice: 'The registry answers, but not to this page.' };
  }

  private nightly(page: number): Page {
    if (page < 4) return slice(50_000, page, (at) => `2026.${(at % 12) + 1}.${(at % 28) + 1}-${at}`);
    return { items: [], skipped: 2, truncated: { kind: 'Unavailable', message: 'the registry stopped answering (HTTP 503)', page: 5 } };
  }

  private fail(): void {
    const failure = FAILURES[this.id];
    if (failure) throw failure();
  }
}

const REPOSITORIES = [
  'archive/nightly', 'base/debian', 'base/distroless', 'base/python', 'charts/storefront', 'data/etl', 'data/warehouse/loader', 'edge',
  'platform/api-gateway', 'platform/metrics', 'platform/proxy', 'platform/scheduler', 'team/checkout', 'team/empty', 'team/inventory',
  'team/storefront', 'team/storefront-worker', 'tools/builder', 'tools/lint',
];

const ALIASES: Record<string, string> = { latest: '4.2.0', stable: '4.2.0', '4': '4.2.0', '4.2': '4.2.0', edge: '4.3.0-rc.2', '4.1': '4.1.7' };

const TAGS = [
  ...Object.keys(ALIASES), ...['4.2.0', '4.3.0-rc.1', '4.3.0-rc.2', 'tampered', 'gone'],
  ...Array.from({ length: 60 }, (_, at) => `${1 + Math.floor(at / 18)}.${Math.floor((at % 18) / 6)}.${at % 6 === 5 ? 10 : at % 6}`), '4.1.7',
];

function slice(total: number, page: number, name: (at: number) => string): Page {
  const start = page * 1000;
  return { items: Array.from({ length: Math.max(0, Math.min(1000, total - start)) }, (_, at) => name(start + at)), skipped: 0 };
}

function listing(read: (page: number) => Promise<Page>): Listing {
  async function* pages(): AsyncGenerator<Page, undefined> {
    for (let at = 0; ; at += 1) {
      const page = await read(at);
      if (page.items.length > 0 || page.truncated || at === 0) yield page;
      if (page.items.length < 1000) return undefined;
    }
  }
  return {
    pages: () => pages() as AsyncIterableIterator<Page>,
    async* [Symbol.asyncIterator]() {
      for await (const page of pages()) yield* page.items;
    },
  };
}

function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new PortolanError('Aborted', 'the request was stopped'));
    }, { once: true });
  });
}
