/** A small registry in memory, for what a real one cannot be made to hold: hostile texts, ten thousand repositories, faults. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

export const OCI = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};

export class Upstream {
  #blobs = new Map();
  #manifests = new Map();
  /** Names, or a function from a position to a name with `count`. */
  repositories = list([]);
  /** Tags by repository, as above. */
  tags = new Map();
  /** `(path) => { status, body, headers } | undefined`: answers before the registry does. */
  fault = () => undefined;
  /** Lets pages of any origin read it. */
  cors = false;
  /** Headers that such pages may send. */
  allowed = 'accept, authorization, range';
  /** `user:password` that every request must bring. */
  basic = '';
  #server;

  async start() {
    this.#server = createServer((request, response) => this.#answer(request, response));
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
    return this;
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  blob(bytes, mediaType) {
    const digest = hash(bytes);
    this.#blobs.set(digest, Buffer.from(bytes));
    return { mediaType, digest, size: bytes.length };
  }

  /** Stores a document under its digest and, if given, a tag (`*`: every tag). */
  manifest(repository, document, tag) {
    const bytes = Buffer.from(JSON.stringify(document));
    const digest = hash(bytes);
    this.#manifests.set(`${repository}@${digest}`, { bytes, digest, mediaType: document.mediaType });
    if (tag) this.#manifests.set(`${repository}@${tag}`, { bytes, digest, mediaType: document.mediaType });
    return { mediaType: document.mediaType, digest, size: bytes.length };
  }

  /** An image of small layers. `config` is merged into the image's config. */
  image(repository, tag, config = {}, annotations = {}, sizes = [4000, 900, 12]) {
    const layers = sizes.map((size, at) => this.blob(Buffer.alloc(size, `${repository}${at}`), OCI.layer));
    const history = layers.map((_, at) => ({ created: '2026-01-02T03:04:05Z', created_by: `RUN step ${at}` }));
    const rootfs = { type: 'layers', diff_ids: layers.map((layer) => layer.digest) };
    const body = { architecture: 'amd64', os: 'linux', created: '2026-01-02T03:04:05Z', rootfs, history, ...config };
    return this.manifest(repository, {
      schemaVersion: 2, mediaType: OCI.manifest, config: this.blob(Buffer.from(JSON.stringify(body)), OCI.config), layers, annotations,
    }, tag);
  }

  #answer(request, response) {
    const url = new URL(request.url, this.url);
    if (this.cors) {
      response.setHeader('access-control-allow-origin', '*');
      response.setHeader('access-control-expose-headers', 'Docker-Content-Digest, Link, WWW-Authenticate');
      response.setHeader('access-control-allow-headers', this.allowed);
    }
    if (request.method === 'OPTIONS') return send(response, 204, '');
    if (this.basic && request.headers.authorization !== `Basic ${Buffer.from(this.basic).toString('base64')}`) {
      return send(response, 401, JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'who are you' }] }), { 'www-authenticate': 'Basic realm="upstream"' });
    }
    const fault = this.fault(url.pathname);
    if (fault) return send(response, fault.status, fault.body ?? '', fault.headers);
    if (url.pathname === '/v2/') return send(response, 200, '{}', { 'content-type': 'application/json' });
    if (url.pathname === '/v2/_catalog') return this.#page(response, url, this.repositories, (items) => ({ repositories: items }));
    const [, repository, kind, reference] = /^\/v2\/(.+)\/(tags|manifests|blobs|referrers)\/(.+)$/.exec(url.pathname) ?? [];
    if (kind === 'tags') {
      const tags = this.tags.get(repository) ?? this.tags.get('*');
      return tags ? this.#page(response, url, tags, (items) => ({ name: repository, tags: items })) : unknown(response, 'NAME_UNKNOWN');
    }
    if (kind === 'manifests') return this.#manifest(response, repository, reference, request.method);
    if (kind === 'blobs') {
      const bytes = this.#blobs.get(reference);
      return bytes ? send(response, 200, bytes, { 'content-type': 'application/octet-stream' }) : unknown(response, 'BLOB_UNKNOWN');
    }
    return unknown(response, 'UNSUPPORTED');
  }

  #manifest(response, repository, reference, method) {
    const find = (name) => this.#manifests.get(`${name}@${reference}`) ?? (reference.includes(':') ? undefined : this.#manifests.get(`${name}@*`));
    const found = find(repository) ?? find('*');
    if (!found) return unknown(response, 'MANIFEST_UNKNOWN');
    const headers = { 'content-type': found.mediaType, 'docker-content-digest': found.digest, 'content-length': found.bytes.length };
    return send(response, 200, method === 'HEAD' ? '' : found.bytes, headers);
  }

  #page(response, url, names, body) {
    const size = Math.min(Number(url.searchParams.get('n')) || 1000, 1000);
    const last = url.searchParams.get('last');
    const start = last === null ? 0 : names.after(last);
    const items = Array.from({ length: Math.max(0, Math.min(size, names.count - start)) }, (_, at) => names.at(start + at));
    const headers = { 'content-type': 'application/json' };
    if (start + items.length < names.count) headers.link = `<${url.pathname}?n=${size}&last=${encodeURIComponent(items.at(-1))}>; rel="next"`;
    return send(response, 200, JSON.stringify(body(items)), headers);
  }
}

/** Names from an array. */
export function list(names) {
  return { count: names.length, at: (place) => names[place], after: (name) => names.indexOf(name) + 1 };
}

/** Names made from their number, which they end in: nothing is kept. */
export function numbered(count, name) {
  return { count, at: name, after: (last) => Number(/\d+$/.exec(last)[0]) + 1 };
}

export function hash(bytes) {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function unknown(response, code) {
  return send(response, 404, JSON.stringify({ errors: [{ code, message: 'not here' }] }), { 'content-type': 'application/json' });
}

function send(response, status, body, headers = {}) {
  response.writeHead(status, headers);
  response.end(body);
}
