/** What answers now: the active version of each model, and those that share its traffic, in memory and up to date on every replica. */
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { compileDecoder, type PredictionResult, type ScoreDecoder } from '#inference';
import { BoundedMap, ChangeFeed, DomainError, promptly, Readiness, type Role } from '#platform';
import { ModelDirectory, versionNotFound } from './model-directory.js';
import { modelErrors } from './models.errors.js';
import { InService, isInShare, type Canary } from './serving/in-service.js';
import type { LoadedVersion } from './serving/loaded-version.js';
import { ResidentVersions } from './serving/resident-versions.js';
import type { ServingVersion } from './serving-version.js';
import { ModelRepository, type VersionRecord } from './storage/model.repository.js';
import { TrafficRepository } from './storage/traffic.repository.js';
import { mayPredictWith } from './visibility.js';

/** Versions whose decoders are kept for reading records. */
const MOST_DECODERS = 1_000;

const ALL = '*';

/** Versions by id that the database wants in a model's service. */
interface Plan {
  readonly active: string;
  readonly canary: { readonly id: string; readonly share: number } | undefined;
  readonly shadows: readonly string[];
}

/** Who asks: the patient's reference, if one is named, and the user. */
export interface Asking {
  readonly subject?: string | null | undefined;
  readonly userId: string;
}

const NO_SHADOWS: readonly ServingVersion[] = [];

@Injectable()
export class ModelCatalogue implements OnApplicationShutdown {
  private readonly logger = new Logger(ModelCatalogue.name);
  /** Model name to what the database says is in service. */
  private readonly wanted = new Map<string, Plan>();
  /** Model name to what answers. */
  private readonly inService = new Map<string, InService>();
  /** Whether `inService` is what the database says: not before the first look, and not while changes elsewhere are not announced. */
  private current = false;
  /** Grows when announcements are lost: a look from before proves nothing. */
  private connection = 0;
  private refreshing: Promise<void> = Promise.resolve();
  private readonly decoders = new BoundedMap<string, Promise<ScoreDecoder>>(MOST_DECODERS);

  constructor(
    private readonly models: ModelRepository,
    private readonly traffic: TrafficRepository,
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
    this.inService.clear();
    await this.resident.releaseAll();
  }

  /** The active version, if it is loaded. */
  peekActive(model: string): ServingVersion | undefined {
    return this.current ? this.inService.get(model)?.active : undefined;
  }

  /** The version that answers, if it is loaded: sync, for the hot path. */
  peek(model: string, subject: string | null | undefined, userId: string): ServingVersion | undefined {
    return this.current ? this.inService.get(model)?.answering(subject, userId) : undefined;
  }

  /** Versions that shall compute, and never answer, what this one answered. */
  shadowsOf(answered: ServingVersion): readonly ServingVersion[] {
    return this.inService.get(answered.model)?.shadowsOf(answered) ?? NO_SHADOWS;
  }

  /**
   * The version that answers: the active one, or the canary for those in its share; or the one named.
   * @param asking left out: the active version
   * @throws MODEL_NOT_FOUND, MODEL_NOT_ACTIVE, VERSION_NOT_FOUND (unknown, rejected, retired, or never in service and the role is
   *   neither admin nor publisher), VERSION_NOT_LOADED
   */
  async serving(model: string, version: string | undefined, role: Role, asking?: Asking): Promise<ServingVersion> {
    if (version === undefined) {
      const found = this.current ? this.inService.get(model) : undefined;
      if (!found) return this.lookUpServing(model, asking);
      return asking ? found.answering(asking.subject, asking.userId) : found.active;
    }
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
    return [...this.inService.values()].map(({ active }) => active).sort((a, b) => a.model.localeCompare(b.model));
  }

  /** Whether the version occupies memory of this process: if not, the next request for it loads it. */
  isInMemory(versionId: string): boolean {
    return this.resident.peek(versionId)?.inMemory ?? false;
  }

  /** Brings a version into memory, also one that did not load a moment ago. @throws VERSION_NOT_LOADED */
  async bringIn({ id, modelName }: Pick<VersionRecord, 'id' | 'modelName'>): Promise<void> {
    this.resident.forgive(id);
    await this.resident.get(id);
    // Where nothing of the model was in service since it was unloaded, now all of it is again: canary and shadows too.
    if (this.current && !this.inService.has(modelName)) await this.refresh(modelName);
  }

  /**
   * Frees what the model's versions occupy, once what runs on them is done. What is active stays active: the next request for it,
   * or the next look at whether the server is ready, loads it again.
   * @throws MODEL_NOT_FOUND
   */
  async unload(model: string): Promise<void> {
    const { versions } = await this.directory.model(model);
    this.inService.delete(model);
    await this.resident.release(versions.map(({ id }) => id));
  }

  /** The path of those who come while nothing is loaded or announced: the database says what is in service. */
  private async lookUpServing(model: string, asking: Asking | undefined): Promise<ServingVersion> {
    if (this.feed.connected && !this.current) this.refreshInBackground();
    const plan = (await promptly(this.plans(model))).get(model);
    if (plan === undefined) {
      await this.directory.model(model);
      throw new DomainError(modelErrors.MODEL_NOT_ACTIVE, `No version of ${model} is active.`);
    }
    const { active, canary } = plan;
    const isCanary =
      asking !== undefined && canary && isInShare(canary.id, canary.share, asking.subject ?? asking.userId);
    const version = await this.resident.get(isCanary ? canary.id : active);
    // It could not be loaded when the others were: now it can.
    if (this.current && !this.inService.has(model)) this.refreshInBackground(model);
    return version;
  }

  /** One at a time, so that of two changes the later one's state is what stays. */
  private refresh(name: string): Promise<void> {
    const done = this.refreshing.then(() => this.lookUp(name));
    this.refreshing = done.catch(() => undefined); // told to whoever asked for it
    return done;
  }

  private refreshInBackground(name = ALL): void {
    this.refresh(name).catch((error: unknown) => this.logger.warn({ err: error }, 'what is active cannot be read now'));
  }

  private async lookUp(name: string): Promise<void> {
    const { connection } = this;
    const found = await this.plans(name === ALL ? undefined : name);
    for (const model of name === ALL ? [...this.wanted.keys()] : [name]) if (!found.has(model)) this.forget(model);
    for (const [model, plan] of found) this.wanted.set(model, plan);
    // Before they are loaded, so that none makes another one go; what answers until then stays as well.
    const wanted = [...this.wanted.values()].flatMap(idsIn);
    await this.resident.pin([...wanted, ...[...this.inService.values()].flatMap(({ all }) => all.map(({ id }) => id))]);
    for (const [model, plan] of found) await this.load(model, plan);
    await this.resident.pin(wanted);
    if (name === ALL && this.feed.connected && connection === this.connection) this.current = true;
  }

  /** What the database wants in service of one model, or of all. */
  private async plans(model: string | undefined): Promise<Map<string, Plan>> {
    const active = await this.models.activeVersionIds(model);
    const traffic = await this.traffic.inForce(model);
    const plans = new Map<string, Plan>();
    for (const [name, id] of active) {
      const { canaryVersionId, canaryShare, shadowVersionIds } = traffic.get(name) ?? {};
      plans.set(name, {
        active: id,
        canary: canaryVersionId && canaryShare ? { id: canaryVersionId, share: canaryShare } : undefined,
        shadows: shadowVersionIds ?? [],
      });
    }
    return plans;
  }

  private forget(model: string): void {
    this.wanted.delete(model);
    this.inService.delete(model);
  }

  /**
   * What is in service before answers until the new can. Where the active version cannot, nothing answers, because the one before is
   * not active; where a canary cannot, the active version answers for it.
   */
  private async load(model: string, { active, canary, shadows }: Plan): Promise<void> {
    let version: LoadedVersion;
    try {
      version = await this.resident.get(active);
    } catch (error) {
      this.inService.delete(model);
      this.logger.error({ err: error, model, versionId: active }, 'the active version cannot be loaded');
      return;
    }
    const beside = async (id: string, role: string): Promise<LoadedVersion | undefined> => {
      try {
        return await this.resident.get(id);
      } catch (error) {
        this.logger.error({ err: error, model, versionId: id }, `the version ${role} cannot be loaded`);
        return undefined;
      }
    };
    const found = canary && (await beside(canary.id, 'with a share of the traffic'));
    const loadedCanary: Canary | undefined = found && { version: found, share: canary.share };
    const loadedShadows: LoadedVersion[] = [];
    for (const id of shadows) {
      const shadow = await beside(id, 'in shadow');
      if (shadow) loadedShadows.push(shadow);
    }
    this.inService.set(model, new InService(version, loadedCanary, loadedShadows));
  }

  private async requireAllLoaded(): Promise<void> {
    const allLoaded = (): boolean =>
      [...this.wanted].every(([model, { active }]) => this.inService.get(model)?.active.id === active);
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

function idsIn({ active, canary, shadows }: Plan): string[] {
  return [active, ...(canary ? [canary.id] : []), ...shadows];
}
