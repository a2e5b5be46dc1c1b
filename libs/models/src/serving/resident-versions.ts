/** The versions in memory: each loaded once for all who ask; those that are not active go when others need the room. */
import { Injectable, Logger } from '@nestjs/common';
import type { EngineName } from '#inference';
import { DomainError, LatidoConfig, Metrics } from '#platform';
import type { LoadedVersion } from './loaded-version.js';
import { VersionLoader } from './version-loader.js';

/** After a load that failed the reason is repeated this long, so that requests do not load it again and again. */
const FAILURE_KEPT_MS = 10_000;

interface Failure {
  readonly error: unknown;
  readonly until: number;
}

@Injectable()
export class ResidentVersions {
  /** By id, on another engine than the one that serves by id and engine; the one used longest ago first. */
  private readonly versions = new Map<string, LoadedVersion>();
  private readonly loading = new Map<string, Promise<LoadedVersion>>();
  private readonly failures = new Map<string, Failure>();
  private readonly pinned = new Set<string>();
  private readonly logger = new Logger(ResidentVersions.name);
  private readonly mostBytes: number;
  private activeFit = true;

  constructor(
    private readonly loader: VersionLoader,
    config: LatidoConfig,
    metrics: Metrics,
  ) {
    this.mostBytes = config.models.memoryBytes;
    metrics.gauge(
      'latido_models_loaded',
      'Model versions in memory',
      () => [...this.versions.values()].filter(({ inMemory }) => inMemory).length,
    );
    metrics.gauge('latido_models_memory_bytes', 'Memory of the model versions that are loaded, estimated', () =>
      this.bytes(),
    );
  }

  /** The version if it is in memory. */
  peek(id: string): LoadedVersion | undefined {
    return this.versions.get(id);
  }

  /** The version, loaded if it is not in memory. @throws as VersionLoader.load */
  get(id: string): Promise<LoadedVersion> {
    return this.find(id, () => this.loader.load(id));
  }

  /** The version on this engine, whichever serves. @throws as VersionLoader.loadOn */
  getOn(engine: EngineName, id: string): Promise<LoadedVersion> {
    if (this.versions.get(id)?.engine.name === engine) return this.get(id);
    return this.find(`${id} ${engine}`, () => this.loader.loadOn(engine, id));
  }

  /** Forgets that a load failed, so that the next one is tried. */
  forgive(id: string): void {
    this.failures.delete(id);
  }

  /** These are active: they stay. Of the others the ones used longest ago go when they need more memory than there is. */
  async pin(ids: Iterable<string>): Promise<void> {
    this.pinned.clear();
    for (const id of ids) this.pinned.add(id);
    await this.evict();
  }

  /** Lets these go, on whichever engine, also those that are active. */
  async release(ids: Iterable<string>): Promise<void> {
    const named = new Set(ids);
    const gone = [...this.versions].filter(([, { id }]) => named.has(id));
    for (const [key] of gone) this.versions.delete(key);
    await Promise.all(gone.map(([, version]) => version.release()));
  }

  async releaseAll(): Promise<void> {
    await Promise.allSettled(this.loading.values());
    const versions = [...this.versions.values()];
    this.versions.clear();
    await Promise.all(versions.map((version) => version.release()));
  }

  private async find(key: string, load: () => Promise<LoadedVersion>): Promise<LoadedVersion> {
    const resident = this.versions.get(key);
    if (resident) {
      this.versions.delete(key);
      this.versions.set(key, resident);
      return resident;
    }
    const failure = this.failures.get(key);
    if (failure && failure.until > performance.now()) throw failure.error;
    let loading = this.loading.get(key);
    if (!loading) {
      loading = this.keep(key, load).finally(() => this.loading.delete(key));
      this.loading.set(key, loading);
    }
    return loading;
  }

  private async keep(key: string, load: () => Promise<LoadedVersion>): Promise<LoadedVersion> {
    try {
      const version = await load();
      this.failures.delete(key);
      this.versions.set(key, version);
      await this.evict(key);
      return version;
    } catch (error) {
      // A database that was away says nothing about the version.
      if (error instanceof DomainError) this.failures.set(key, { error, until: performance.now() + FAILURE_KEPT_MS });
      throw error;
    }
  }

  /** @param loaded somebody waits for it: it stays, however large it is */
  private async evict(loaded?: string): Promise<void> {
    const gone = new Map<string, LoadedVersion>();
    let bytes = this.bytes();
    for (const [key, version] of this.versions) {
      if (bytes <= this.mostBytes) break;
      if (key === loaded || this.pinned.has(key)) continue;
      gone.set(key, version);
      bytes -= version.memoryBytes;
    }
    for (const key of gone.keys()) this.versions.delete(key);
    this.warnWhereActiveDoNotFit();
    await Promise.all([...gone.values()].map((version) => version.release()));
  }

  private bytes(versions: Iterable<LoadedVersion> = this.versions.values()): number {
    let bytes = 0;
    for (const { memoryBytes } of versions) bytes += memoryBytes;
    return bytes;
  }

  /** Said once, until they fit again. */
  private warnWhereActiveDoNotFit(): void {
    const active = [...this.versions].filter(([key]) => this.pinned.has(key));
    const bytes = this.bytes(active.map(([, version]) => version));
    const fit = bytes <= this.mostBytes;
    if (!fit && this.activeFit) {
      const [needed, most] = [bytes, this.mostBytes].map((size) => Math.ceil(size / 2 ** 20));
      this.logger.warn(`the active versions need about ${needed} MB, MODEL_MEMORY_MB is ${most}: no other one stays`);
    }
    this.activeFit = fit;
  }
}
