import type { CallOptions } from '../types.js';
import { RunLog } from './log.js';
import { settings } from './options.js';
import { toContainer, toLogin, toNameCheck, toRegistry, toReplication, toResource, toRun, toToken, toUsages } from './records.js';
import { Session } from './session.js';
import type {
  ArmOptions, BuildOptions, ContainerGroup, ContainerOptions, ImportOptions, Login, NameCheck, RecordListing, RegistryRecord, RegistrySettings, Replication, Resource, Run, ScopedToken,
  Usage,
} from './types.js';

/** A subscription at ARM. Calls share its token, back-off and connections. Nothing is sent before the first call. */
export class Arm {
  readonly #session: Session;
  readonly #subscription: string;

  constructor(options: ArmOptions) {
    const { fetch, clock, subscription, identity } = options;
    const inner = settings(options, identity);
    this.#subscription = subscription;
    this.#session = new Session(({ Azure }) => Azure.arm(inner as never, fetch, clock));
  }

  /** A resource group, whether it is there or not. */
  group(name: string): ArmGroup {
    return new ArmGroup(this.#session, `${this.#subscription}/${name}`);
  }

  groups(options?: CallOptions): RecordListing<Resource> {
    return this.#session.list('groups', [this.#subscription], toResource, options);
  }

  /** The registries of all groups. */
  registries(options?: CallOptions): RecordListing<RegistryRecord> {
    return this.#session.list('registries', [this.#subscription], toRegistry, options);
  }

  /** Asks whether a registry's name is free. */
  async checkName(name: string, options?: CallOptions): Promise<NameCheck> {
    return toNameCheck(await this.#session.document('registry.check', [this.#subscription, name], options));
  }

  /** Brings bytes to a signed address that ARM has given. */
  async uploadTo(url: string, bytes: Uint8Array, options: CallOptions = {}): Promise<void> {
    await this.#session.run(options, async (inner, signal) => {
      const upload = inner.uploadTo(url);
      try {
        await upload.push(bytes, signal);
        await upload.finish(signal);
      } finally {
        upload.free();
      }
    });
  }

  /** Follows the log at a signed address that ARM has given. */
  logAt(url: string, options: CallOptions = {}): Promise<RunLog> {
    return this.#session.run(options, async (inner, signal) => new RunLog(await inner.logAt(url, signal), signal));
  }
}

/** A resource group by its name. */
export class ArmGroup {
  readonly #session: Session;
  readonly #id: string;

  /** @internal */
  constructor(session: Session, id: string) {
    this.#session = session;
    this.#id = id;
  }

  async create(location: string, options: CallOptions & { tags?: Record<string, string> } = {}): Promise<Resource> {
    return toResource(await this.#session.document('group.create', [this.#id, location, JSON.stringify(options.tags ?? {})], options));
  }

  async show(options?: CallOptions): Promise<Resource> {
    return toResource(await this.#session.document('group.show', [this.#id], options));
  }

  /** Deletes it and everything in it, and waits until it is gone. False if there was none. */
  async delete(options?: CallOptions): Promise<boolean> {
    return await this.#session.call('group.delete', [this.#id], options) !== undefined;
  }

  /** A registry, whether it is there or not. */
  registry(name: string): ArmRegistry {
    return new ArmRegistry(this.#session, `${this.#id}/${name}`);
  }

  registries(options?: CallOptions): RecordListing<RegistryRecord> {
    return this.#session.list('registries', [this.#id], toRegistry, options);
  }

  /** A container group, whether it is there or not. */
  container(name: string): ArmContainer {
    return new ArmContainer(this.#session, this.#id, name);
  }
}

/** A container group by its name. */
export class ArmContainer {
  readonly #session: Session;
  readonly #place: [group: string, name: string];

  /** @internal */
  constructor(session: Session, group: string, name: string) {
    this.#session = session;
    this.#place = [group, name];
  }

  /** Creates a group of one container and waits until it is there. */
  async create(container: ContainerOptions, options?: CallOptions): Promise<ContainerGroup> {
    const { memory = 1.5, ...rest } = container;
    const text = JSON.stringify({ ...rest, memoryTenths: Math.round(memory * 10) });
    return toContainer(await this.#session.document('container.create', [...this.#place, text], options));
  }

  async show(options?: CallOptions): Promise<ContainerGroup> {
    return toContainer(await this.#session.document('container.show', this.#place, options));
  }

  /** False if there was none. */
  async delete(options?: CallOptions): Promise<boolean> {
    return await this.#session.call('container.delete', this.#place, options) !== undefined;
  }
}

/** A registry at ARM: settings, admin account, usage, replications, tokens, builds. */
export class ArmRegistry {
  readonly #session: Session;
  readonly #id: string;

  /** @internal */
  constructor(session: Session, id: string) {
    this.#session = session;
    this.#id = id;
  }

  /** Creates it and waits until it is there. */
  async create(location: string, what: RegistrySettings, options?: CallOptions): Promise<RegistryRecord> {
    return toRegistry(await this.#document('registry.create', [location, JSON.stringify(what)], options));
  }

  async show(options?: CallOptions): Promise<RegistryRecord> {
    return toRegistry(await this.#document('registry.show', [], options));
  }

  async update(what: RegistrySettings, options?: CallOptions): Promise<RegistryRecord> {
    return toRegistry(await this.#document('registry.update', [JSON.stringify(what)], options));
  }

  /** False if there was none. */
  delete(options?: CallOptions): Promise<boolean> {
    return this.#there('registry.delete', [], options);
  }

  /** What it uses of what its tier allows. */
  async usages(options?: CallOptions): Promise<Usage[]> {
    return toUsages(await this.#document('registry.usages', [], options));
  }

  /** The admin account; refused while it is off. */
  async credentials(options?: CallOptions): Promise<Login> {
    return toLogin(await this.#document('registry.credentials', [], options));
  }

  /** Makes a new password for the admin account. */
  async regenerate(which: 'password' | 'password2', options?: CallOptions): Promise<Login> {
    return toLogin(await this.#document('registry.regenerate', [which], options));
  }

  replications(options?: CallOptions): RecordListing<Replication> {
    return this.#session.list('replications', [this.#id], toReplication, options);
  }

  /** Creates a replication and waits until ARM is done. Its content comes after that. */
  async replicate(location: string, options: CallOptions & { regionEndpoint?: boolean } = {}): Promise<Replication> {
    const endpoint = options.regionEndpoint === false ? 'off' : 'on';
    return toReplication(await this.#document('replication.create', [location, endpoint], options));
  }

  async replication(location: string, options?: CallOptions): Promise<Replication> {
    return toReplication(await this.#document('replication.show', [location], options));
  }

  /** Says whether the global endpoint may lead to a region. */
  async setRegionEndpoint(location: string, enabled: boolean, options?: CallOptions): Promise<Replication> {
    return toReplication(await this.#document('replication.endpoint', [location, enabled ? 'on' : 'off'], options));
  }

  /** False if there was none. */
  deleteReplication(location: string, options?: CallOptions): Promise<boolean> {
    return this.#there('replication.delete', [location], options);
  }

  /** Imports an image from another registry and waits until all of it is there. Refused if a tag is there that has another image. */
  async import(image: ImportOptions, options?: CallOptions): Promise<void> {
    await this.#session.call('registry.import', [this.#id, JSON.stringify(image)], options);
  }

  /** Creates or replaces a scope map: what tokens may do, as `repositories/team/app/content/read`. */
  async createScopeMap(name: string, actions: string[], options?: CallOptions): Promise<Resource> {
    return toResource(await this.#document('token.map', [name, ...actions], options));
  }

  /** Creates a token that may do what a scope map says; it has no password yet. */
  async createToken(name: string, scopeMap: string, options?: CallOptions): Promise<ScopedToken> {
    return toToken(await this.#document('token.create', [name, scopeMap], options));
  }

  /** Makes passwords for a token. They are shown this once. */
  async generateToken(name: string, options?: CallOptions): Promise<Login> {
    return toLogin(await this.#document('token.generate', [name], options));
  }

  /** Brings a build context (a gzipped tar archive) to where builds find it; returns what `source` is to be. */
  upload(context: Uint8Array | ReadableStream<Uint8Array>, options: CallOptions = {}): Promise<string> {
    return this.#session.run(options, async (inner, signal) => {
      const upload = await inner.upload(this.#id, signal);
      try {
        for await (const piece of context instanceof Uint8Array ? [context] : context) await upload.push(piece, signal);
        return await upload.finish(signal) as string;
      } finally {
        upload.free();
      }
    });
  }

  /** Asks for a build. */
  async schedule(build: BuildOptions, options?: CallOptions): Promise<Run> {
    return toRun(await this.#document('run.schedule', [JSON.stringify(build)], options));
  }

  /** The runs, the newest first. */
  runs(options?: CallOptions): RecordListing<Run> {
    return this.#session.list('runs', [this.#id], toRun, options);
  }

  async run(run: string, options?: CallOptions): Promise<Run> {
    return toRun(await this.#document('run.show', [run], options));
  }

  /** Waits until a run is over. */
  async wait(run: string, options?: CallOptions): Promise<Run> {
    return toRun(await this.#document('run.wait', [run], options));
  }

  /** Ends a run before its time. */
  async cancel(run: string, options?: CallOptions): Promise<void> {
    await this.#session.call('run.cancel', [this.#id, run], options);
  }

  /** Follows the log of a run, from its beginning to its end. Waits until there is something to read. */
  log(run: string, options: CallOptions = {}): Promise<RunLog> {
    return this.#session.run(options, async (inner, signal) => new RunLog(await inner.log(this.#id, run, signal), signal));
  }

  /** Where a build context could be put: its name alone. */
  uploadTarget(options: CallOptions = {}): Promise<string> {
    return this.#session.run(options, async (inner, signal) => {
      const upload = await inner.upload(this.#id, signal);
      const { relativePath } = upload;
      upload.free();
      return relativePath;
    });
  }

  #document(name: string, args: string[], options?: CallOptions) {
    return this.#session.document(name, [this.#id, ...args], options);
  }

  async #there(name: string, args: string[], options?: CallOptions): Promise<boolean> {
    return await this.#session.call(name, [this.#id, ...args], options) !== undefined;
  }
}
