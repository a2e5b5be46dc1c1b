/**
 * MODELS_DIR: what stands there when the server starts is registered, and what appears there later is picked up. Volumes that are
 * mounted announce no changes, so the folder is looked through every few seconds.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { SYSTEM } from '#audit';
import { DomainError, isDatabaseUnavailable, LatidoConfig } from '#platform';
import { Activations, OPERATOR } from '../activations.service.js';
import { ModelRegistration, type RegistrationResult } from '../registration/model-registration.js';
import { Retirements } from '../retirement.service.js';
import { ModelRepository } from '../storage/model.repository.js';
import { modelErrors } from '../models.errors.js';
import { FirstStartRepository } from './first-start.repository.js';
import { entriesIn, type FolderEntry } from './folder-entries.js';

/** Nobody writes to an entry any longer that has not changed for so long, and between two looks. */
const SETTLED_AFTER_MS = 1_500;

@Injectable()
export class HotFolder implements OnApplicationShutdown {
  private readonly logger = new Logger(HotFolder.name);
  /** Place to the fingerprint that was registered, or refused: it is not looked at again until it changes. */
  private readonly done = new Map<string, string>();
  /** Place to the fingerprint of the look before. */
  private seen = new Map<string, string>();
  /** Places whose files are gone while their version is in service, and a folder that is not there: said once. */
  private readonly warned = new Set<string>();
  private readonly closing = new AbortController();
  private looking: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: LatidoConfig,
    private readonly registration: ModelRegistration,
    private readonly activations: Activations,
    private readonly retirements: Retirements,
    private readonly models: ModelRepository,
    private readonly firstStart: FirstStartRepository,
  ) {}

  /**
   * Registers what is there. At the first start of an installation, when no model is known yet, the highest version of each is activated;
   * where that start was interrupted, the next one goes on with it. An entry that is no version is told in the log with its reason and
   * stops nothing.
   * @throws AbortError when it is interrupted
   */
  async start(): Promise<void> {
    const none = (await this.models.names()).length === 0;
    const first = none || (await this.firstStart.isUnfinished());
    // What came with the installation is whole; later somebody may be copying.
    const entries = (await (first ? this.entries() : this.settledEntries())) ?? [];
    if (none && entries.length > 0) await this.firstStart.begin();
    for (const entry of entries) {
      this.closing.signal.throwIfAborted();
      await this.register(entry);
    }
    if (!first) return;
    for (const name of new Set(entries.map((entry) => entry.name))) await this.activateFirst(name);
    await this.firstStart.finish();
  }

  /** Ends `start` with an error before the next version, which may take long. */
  interrupt(): void {
    this.closing.abort();
  }

  /** Goes on looking, until the application is shut down. */
  watch(): void {
    const { everyMs } = this.config.models.hotFolder;
    if (everyMs === 0) return;
    const again = (): void => {
      this.timer = setTimeout(() => {
        this.looking = this.look()
          .catch((error: unknown) =>
            this.logger.error({ err: error }, 'the folder of models could not be looked through'),
          )
          .finally(() => {
            if (!this.closing.signal.aborted) again();
          });
      }, everyMs).unref();
    };
    again();
  }

  async onApplicationShutdown(): Promise<void> {
    this.closing.abort();
    clearTimeout(this.timer);
    await this.looking;
  }

  /** Registers what is new and whole, and retires what is gone. */
  async look(): Promise<void> {
    const entries = await this.entries();
    if (!entries) return;
    const settled = entries.filter((entry) => this.isSettled(entry));
    this.seen = new Map(entries.map(({ place, fingerprint }) => [place, fingerprint]));
    for (const entry of settled) {
      if (this.closing.signal.aborted) return;
      if (this.done.get(entry.place) !== entry.fingerprint) await this.register(entry);
    }
    await this.retireMissing(entries);
  }

  /** Undefined, and said once, where the folder cannot be read. */
  private async entries(): Promise<FolderEntry[] | undefined> {
    const { dir } = this.config.models;
    try {
      const entries = await entriesIn(dir);
      this.warned.delete(dir);
      return entries;
    } catch (error) {
      this.warnOnce(dir, { folder: dir, reason: (error as Error).message }, 'the folder of models cannot be read');
      return undefined;
    }
  }

  /** What is there when nothing has changed for a moment. */
  private async settledEntries(): Promise<FolderEntry[] | undefined> {
    const entries = await this.entries();
    const latest = Math.max(0, ...(entries ?? []).map(({ changedAtMs }) => changedAtMs));
    const waitMs = latest + SETTLED_AFTER_MS - Date.now();
    if (waitMs <= 0) return entries;
    await sleep(Math.min(waitMs, SETTLED_AFTER_MS));
    const before = new Map(entries?.map(({ place, fingerprint }) => [place, fingerprint]));
    return (await this.entries())?.filter(({ place, fingerprint }) => before.get(place) === fingerprint);
  }

  private async activateFirst(name: string): Promise<void> {
    try {
      await this.activations.activateFirst(
        name,
        'first start: the highest verified version that came with the installation',
      );
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.logger.warn({ model: name, code: error.kind.code, reason: error.message }, 'no version is activated');
    }
  }

  private isSettled({ place, fingerprint, changedAtMs }: FolderEntry): boolean {
    return this.seen.get(place) === fingerprint && Date.now() - changedAtMs > SETTLED_AFTER_MS;
  }

  private async register(entry: FolderEntry): Promise<void> {
    const { place, fingerprint } = entry;
    try {
      // A file that is not whole cannot be read: it is refused, not rejected for good.
      const result = await this.registration.addSource(entry, SYSTEM, {
        hotFolder: this.placeOf(place),
        refuseUnfit: true,
        // The version is there all the same, and may have to be taken back.
        onExamplesRefused: (refusal) =>
          this.logger.warn({ folder: place, ...aboutRefusal(refusal) }, 'the examples beside the version are refused'),
      });
      this.done.set(place, fingerprint);
      await this.afterRegistration(place, result);
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      const refusal = error instanceof DomainError ? error : undefined;
      // What this machine could not do now it may do at the next look.
      if (refusal?.kind.status !== 503) this.done.set(place, fingerprint);
      const about = refusal ? aboutRefusal(refusal) : { err: error };
      this.logger.error({ folder: place, ...about }, 'the folder is not registered');
    }
  }

  private async afterRegistration(
    place: string,
    { outcome, model, version, status, rejection }: RegistrationResult,
  ): Promise<void> {
    if (status === 'rejected') {
      if (outcome === 'registered')
        this.logger.warn({ folder: place, reason: rejection }, 'the version is rejected and cannot be activated');
      return;
    }
    if (outcome === 'unchanged') {
      if (status === 'retired') await this.takeBack(place, model, version);
      return;
    }
    this.logger.log({ folder: place }, 'the version is verified and registered');
    if (this.config.models.hotFolder.autoActivate.includes(model)) await this.activate(place, model, version);
  }

  /** A version is taken back with its files, but not one that somebody retired. */
  private async takeBack(place: string, model: string, version: string): Promise<void> {
    if (await this.retirements.restore(model, version, OPERATOR))
      this.logger.log({ folder: place }, 'the version is there again, and no longer retired');
  }

  private async activate(place: string, model: string, version: string): Promise<void> {
    try {
      await this.activations.activate(model, version, { reason: 'picked up from the hot folder' }, OPERATOR);
      this.logger.log({ folder: place }, 'the version is activated');
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.logger.warn({ folder: place, code: error.kind.code, reason: error.message }, 'the version is not activated');
    }
  }

  /** An empty folder is a volume that is not mounted: it retires nothing. */
  private async retireMissing(entries: readonly FolderEntry[]): Promise<void> {
    const { dir } = this.config.models;
    const known = await this.models.pickedUpFrom(this.config.audit.replica);
    if (entries.length === 0) {
      if (known.length > 0)
        this.warnOnce(dir, { folder: dir }, 'the folder of models is empty: nothing is retired for that');
      return;
    }
    const there = new Set(entries.map(({ place }) => this.placeOf(place)));
    for (const { modelName, version, status, hotFolder } of known) {
      if (status !== 'verified' || hotFolder === null || there.has(hotFolder)) continue;
      await this.retire(modelName, version, hotFolder);
    }
    for (const place of this.done.keys()) if (!there.has(this.placeOf(place))) this.done.delete(place);
  }

  private async retire(model: string, version: string, hotFolder: string): Promise<void> {
    try {
      await this.retirements.retire(model, version, 'removed-from-folder', OPERATOR);
      this.logger.log({ model, version }, 'the files of the version are gone: it is retired');
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== modelErrors.VERSION_IN_SERVICE) throw error;
      this.warnOnce(
        hotFolder,
        { model, version },
        'the files of a version in service are gone: it goes on from the stored artifact',
      );
    }
  }

  /** Another machine's folder is another one. */
  private placeOf(place: string): string {
    return `${this.config.audit.replica}:${place}`;
  }

  private warnOnce(what: string, about: object, message: string): void {
    if (this.warned.has(what)) return;
    this.warned.add(what);
    this.logger.warn(about, message);
  }
}

function aboutRefusal({ kind, message, extra }: DomainError): object {
  return { code: kind.code, reason: message, errors: extra.errors };
}
