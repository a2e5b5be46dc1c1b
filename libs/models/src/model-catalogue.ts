/** What answers now: the active version of each model, in memory and up to date on every replica. */
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { compileDecoder, type PredictionResult, type ScoreDecoder } from '#inference';
import { BoundedMap, ChangeFeed, DomainError, promptly, Readiness, type Role } from '#platform';
import { ModelDirectory, versionNotFound } from './model-directory.js';
import { modelErrors } from './models.errors.js';
import type { LoadedVersion } from './serving/loaded-version.js';
import { ResidentVersions } from './serving/resident-versions.js';
import type { ServingVersion } from './serving-version.js';
import { ModelRepository } from './storage/model.repository.js';
import { mayPredictWith } from './visibility.js';

/** Versions whose decoders are kept for reading records. */
const MOST_DECODERS = 1_000;

const ALL = '*';

@Injectable()
export class ModelCatalogue implements OnApplicationShutdown {
  private readonly logger = new Logger(ModelCatalogue.name);
  /** Model name to what the database says is active. */
  private readonly wanted = new Map<string, string>();
  /** Model name to what answers. */
  private readonly active = new Map<string, LoadedVersion>();
  /** Whether `active` is what the database says: not before the first look, and not while changes elsewhere are not announced. */
  private current = false;
  /** Grows when announcements are lost: a look from before proves nothing. */
  private connection = 0;
  private refreshing: Promise<void> = Promise.resolve();
  private readonly decoders = new BoundedMap<string, Promise<ScoreDecoder>>(MOST_DECODERS);

  constructor(
    private readonly models: ModelRepository,
    private readonly directory: ModelDirectory,
    private readonly resident: ResidentVersions,
    private readonly feed: ChangeFeed,
    readiness: Readiness,
  ) {
    feed.on('model', (name) => this.refresh(name));
    feed.onConnection((connected) => {
      this.connection += 1;
      this.current = false;
      if (connected) this.refreshInBackground();
    });
    readiness.add('models', () => this.requireAllLoaded());
  }

  /** Loads what is active. One that does not load is logged and keeps the server from being ready; the others serve. */
  start(): Promise<void> {
    return this.refresh(ALL);
  }

  async onApplicationShutdown(): Promise<void> {
    this.current = false;
    this.active.clear();
    await this.resident.releaseAll();
  }

  /** Active version if loaded: sync, for the hot path. */
  peekActive(model: string): ServingVersion | undefined {
    return this.current ? this.active.get(model) : undefined;
  }

  /**
   * The version that answers: the active one, or the one named.
   * @throws MODEL_NOT_FOUND, MODEL_NOT_ACTIVE, VERSION_NOT_FOUND (unknown, rejected, retired, or never active and the role is
   *   neither admin nor publisher), VERSION_NOT_LOADED
   */
  async serving(model: string, version: string | undefined, role: Role): Promise<ServingVersion> {
    if (version === undefined) return this.peekActive(model) ?? this.loadActive(model);
    const record = (await this.directory.model(model)).versions.find((candidate) => candidate.version === version);
    if (!record || !mayPredictWith(record, role)) throw versionNotFound(model, version);
    return this.resident.get(record.id);
  }

  /**
   * For reading records: decode for any stored version by id (from the manifest, without loading the artifact).
   * @throws VERSION_NOT_FOUND
   */
  async resultsOf(versionId: string): Promise<(scores: ArrayLike<number>) => PredictionResult> {
    const known = this.decoders.get(versionId);
    if (known) return known;
    const decoder = this.decoderOf(versionId);
    this.decoders.set(versionId, decoder);
    try {
      return await decoder;
    } catch (error) {
      this.decoders.delete(versionId);
      throw error;
    }
  }

  /** Every active version that is loaded, by model name. */
  activeVersions(): ServingVersion[] {
    return [...this.active.values()].sort((a, b) => a.model.localeCompare(b.model));
  }

  /** Loads a version that is about to be activated, so that what cannot serve is not. @throws VERSION_NOT_LOADED */
  async prepare(versionId: string): Promise<void> {
    this.resident.forgive(versionId);
    await this.resident.get(versionId);
  }

  /** Whether the version occupies memory of this process: if not, the next request for it loads it. */
  isInMemory(versionId: string): boolean {
    return this.resident.peek(versionId)?.inMemory ?? false;
  }

  /**
   * Frees what the model's versions occupy, once what runs on them is done. What is active stays active: the next request for it,
   * or the next look at whether the server is ready, loads it again.
   * @throws MODEL_NOT_FOUND
   */
  async unload(model: string): Promise<void> {
    const { versions } = await this.directory.model(model);
    this.active.delete(model);
    await this.resident.release(versions.map(({ id }) => id));
  }

  /** The path of those who come while nothing is loaded or announced: the database says what is active. */
  private async loadActive(model: string): Promise<ServingVersion> {
    if (this.feed.connected && !this.current) this.refreshInBackground();
    const id = (await promptly(this.models.activeVersionIds(model))).get(model);
    if (id === undefined) {
      await this.directory.model(model);
      throw new DomainError(modelErrors.MODEL_NOT_ACTIVE, `No version of ${model} is active.`);
    }
    const version = await this.resident.get(id);
    if (this.wanted.get(model) === id) this.active.set(model, version);
    return version;
  }

  /** One at a time, so that of two changes the later one's state is what stays. */
  private refresh(name: string): Promise<void> {
    const done = this.refreshing.then(() => this.lookUp(name));
    this.refreshing = done.catch(() => undefined); // told to whoever asked for it
    return done;
  }

  private refreshInBackground(): void {
    this.refresh(ALL).catch((error: unknown) => this.logger.warn({ err: error }, 'what is active cannot be read now'));
  }

  private async lookUp(name: string): Promise<void> {
    const { connection } = this;
    const found = await this.models.activeVersionIds(name === ALL ? undefined : name);
    for (const model of name === ALL ? [...this.wanted.keys()] : [name]) if (!found.has(model)) this.forget(model);
    for (const [model, id] of found) this.wanted.set(model, id);
    // Before they are loaded, so that none makes another one go; what answers until then stays as well.
    await this.resident.pin([...this.wanted.values(), ...[...this.active.values()].map(({ id }) => id)]);
    for (const [model, id] of found) if (this.active.get(model)?.id !== id) await this.load(model, id);
    await this.resident.pin(this.wanted.values());
    if (name === ALL && this.feed.connected && connection === this.connection) this.current = true;
  }

  private forget(model: string): void {
    this.wanted.delete(model);
    this.active.delete(model);
  }

  /** The version before answers until this one can; where it cannot, nothing answers, because the version before is not active. */
  private async load(model: string, id: string): Promise<void> {
    try {
      this.active.set(model, await this.resident.get(id));
    } catch (error) {
      this.active.delete(model);
      this.logger.error({ err: error, model, versionId: id }, 'the active version cannot be loaded');
    }
  }

  private async requireAllLoaded(): Promise<void> {
    const allLoaded = (): boolean => [...this.wanted].every(([model, id]) => this.active.get(model)?.id === id);
    if (!allLoaded() || !this.current) await this.refresh(ALL);
    if (!allLoaded()) throw new Error('an active version is not loaded');
  }

  private async decoderOf(versionId: string): Promise<ScoreDecoder> {
    const version = await this.models.versionById(versionId);
    if (!version) throw new DomainError(modelErrors.VERSION_NOT_FOUND, `There is no version ${versionId}.`);
    const byWidth = new Map<number, ScoreDecoder>();
    return (scores) => {
      const decode = byWidth.get(scores.length) ?? compileDecoder(version.manifest, scores.length);
      byWidth.set(scores.length, decode);
      return decode(scores);
    };
  }
}
