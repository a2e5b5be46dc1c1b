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

const SCHEMA = 'pgboss';
/** Half a second is what a job waits at most for a process that is free. */
const POLLING_SECONDS = 0.5;
/** The same job is not put into the queue again within this time. */
const ONCE_IN_SECONDS = 5;
const STOP_WITHIN_MS = 5_000;

/** Does the job of this id; its failures are its own. */
export type JobHandler = (id: string) => Promise<void>;

interface JobData {
  readonly id: string;
}

@Injectable()
export class Jobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Jobs.name);
  private readonly handlers = new Map<string, JobHandler>();
  private readonly workers = new Map<string, string>();
  private starting: Promise<PgBoss> | undefined;

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

  async onApplicationBootstrap(): Promise<void> {
    if (!this.runHere || this.handlers.size === 0) return;
    const boss = await this.boss();
    for (const [queue, handler] of this.handlers) {
      const worker = await boss.work<JobData>(queue, { pollingIntervalSeconds: POLLING_SECONDS }, async (jobs) => {
        for (const { data } of jobs) await handler(data.id);
      });
      this.workers.set(queue, worker);
    }
  }

  /** Puts a job into the queue; somebody begins with it within a second, if anybody is free. */
  async send(queue: string, id: string): Promise<void> {
    const boss = await this.boss();
    await boss.send(queue, { id } satisfies JobData, { singletonKey: id, singletonSeconds: ONCE_IN_SECONDS });
    const worker = this.workers.get(queue);
    if (worker !== undefined) boss.notifyWorker(worker);
  }

  async beforeApplicationShutdown(): Promise<void> {
    const boss = await this.starting?.catch(() => undefined); // it never started
    await boss?.stop({ graceful: true, wait: true, close: false, timeout: STOP_WITHIN_MS });
  }

  private boss(): Promise<PgBoss> {
    this.starting ??= this.start().catch((error: unknown) => {
      this.starting = undefined;
      throw error;
    });
    return this.starting;
  }

  private async start(): Promise<PgBoss> {
    const connections = pool(this.dataSource);
    const boss = new PgBoss({
      db: { executeSql: (text, values) => connections.query(text, values) },
      schema: SCHEMA,
      // The application's role creates nothing: migrations have.
      migrate: false,
      schedule: false,
    });
    boss.on('error', (error) => this.logger.warn({ err: error }, 'the queue of jobs does not answer now'));
    await boss.start();
    return boss;
  }
}
