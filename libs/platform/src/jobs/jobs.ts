/**
 * Work that goes on after its request was answered: a queue in Postgres (pg-boss), served by this process or by `apps/worker`. The queue
 * only brings a job to somebody who is free. What a job is and how far it is stands in its lib's own tables, so that neither a lost
 * message nor one that comes twice does harm.
 */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import PgBoss from 'pg-boss';
import { DataSource } from 'typeorm';
import { LatidoConfig } from '../config/config.js';
import { pool } from '../database/data-source.js';
import { isDatabaseUnavailable } from '../database/database-errors.js';

const SCHEMA = 'pgboss';
/** What a job waits at most for a process that is free, where nobody wakes it. */
const LOOK_EVERY_MS = 500;

/** Does the job of this id, until `stop` asks it to come to an end; its failures are its own. */
export type JobHandler = (id: string, stop: AbortSignal) => Promise<void>;

interface JobData {
  readonly id: string;
}

@Injectable()
export class Jobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Jobs.name);
  private readonly handlers = new Map<string, JobHandler>();
  private readonly serving: Promise<void>[] = [];
  private readonly sleepers = new Map<string, () => void>();
  private starting: Promise<PgBoss> | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: LatidoConfig,
  ) {}

  /** Whether jobs are done in this process. */
  get runHere(): boolean {
    return this.config.jobs.runHere;
  }

  /** Who does the jobs of a queue, one at a time. Before the application starts; queues are made by migrations. */
  handle(queue: string, handler: JobHandler): void {
    this.handlers.set(queue, handler);
  }

  onApplicationBootstrap(): void {
    if (!this.runHere) return;
    for (const [queue, handler] of this.handlers) this.serving.push(this.serve(queue, handler));
  }

  /** Puts a job into the queue, if it does not wait there already; somebody begins with it within a second, if anybody is free. */
  async send(queue: string, id: string): Promise<void> {
    const boss = await this.boss();
    await boss.send(queue, { id } satisfies JobData, { singletonKey: id });
    this.sleepers.get(queue)?.();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    for (const wake of this.sleepers.values()) wake();
    await Promise.all(this.serving);
    const boss = await this.starting?.catch(() => undefined); // it never started
    await boss?.stop({ graceful: false, close: false });
  }

  /**
   * Fetches and does one job after the other. Not by pg-boss' own `work`, which ends the process where the database is away when a job
   * is done: that it is, nobody waits for.
   */
  private async serve(queue: string, handler: JobHandler): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        const boss = await this.boss();
        const [job] = await boss.fetch<JobData>(queue);
        if (job) {
          await handler(job.data.id, this.stopping.signal);
          await boss.complete(queue, job.id);
          continue;
        }
      } catch (error) {
        this.warn(error);
      }
      await this.sleep(queue);
    }
  }

  private sleep(queue: string): Promise<void> {
    if (this.stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_EVERY_MS);
      this.sleepers.set(queue, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private boss(): Promise<PgBoss> {
    this.starting ??= this.start().catch((error: unknown) => {
      this.starting = undefined;
      throw error;
    });
    return this.starting;
  }

  private async start(): Promise<PgBoss> {
    const boss = new PgBoss({
      db: { executeSql: (text, values) => this.execute(text, values) },
      schema: SCHEMA,
      // The application's role creates nothing: migrations have.
      migrate: false,
      schedule: false,
    });
    boss.on('error', (error) => this.warn(error));
    await boss.start();
    return boss;
  }

  /** pg-boss opens transactions in its statements: a connection on which one failed is in the middle of it, and goes. */
  private async execute(text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
    const client = await pool(this.dataSource).connect();
    let failure: Error | undefined;
    try {
      return await client.query(text, values);
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      client.release(failure);
    }
  }

  private warn(error: unknown): void {
    if (!this.stopping.signal.aborted && !isDatabaseUnavailable(error))
      this.logger.warn({ err: error }, 'the queue of jobs does not answer now');
  }
}
