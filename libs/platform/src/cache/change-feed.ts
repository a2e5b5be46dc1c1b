/**
 * Announces changes to every replica: what an administrator changes here holds from the next request here, and within a second
 * everywhere. Built on LISTEN/NOTIFY. While the listening connection is lost, nothing may be cached.
 */
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { newId } from '../ids.js';
import { DATABASE_ACCESS } from '../tokens.js';
import type { DatabaseAccess } from '../database/data-source.js';

/** Something that changed: `topic` is what kind (`principal`, `plan`, `model`), `key` which one; `*` is all of them. */
export interface Change {
  readonly topic: string;
  readonly key: string;
}

type Listener = (key: string) => void | Promise<void>;

const CHANNEL = 'latido_changes';
/** A connection that has died without a word is noticed within these two, so that a change elsewhere is never missed for a second. */
const PING_EVERY_MS = 400;
const PING_TIMEOUT_MS = 400;
const RECONNECT_MS = 250;

@Injectable()
export class ChangeFeed implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ChangeFeed.name);
  private readonly origin = newId();
  private readonly listeners = new Map<string, Listener[]>();
  private readonly connectionListeners: ((connected: boolean) => void)[] = [];
  private client: pg.Client | undefined;
  private closed = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(DATABASE_ACCESS) private readonly access: DatabaseAccess,
  ) {}

  /** True while changes made elsewhere reach this process. */
  get connected(): boolean {
    return this.client !== undefined;
  }

  /** Calls `listener` with the key of each change of the topic, made here or elsewhere. */
  on(topic: string, listener: Listener): void {
    this.listeners.set(topic, [...(this.listeners.get(topic) ?? []), listener]);
  }

  /** Calls back when the listening connection comes and goes. */
  onConnection(listener: (connected: boolean) => void): void {
    this.connectionListeners.push(listener);
  }

  /**
   * Runs `work` in a transaction; what it announces is told to all replicas when it commits, and has taken effect here
   * before this resolves. Nothing is announced when it rolls back.
   */
  async transaction<T>(work: (manager: EntityManager, announce: (change: Change) => void) => Promise<T>): Promise<T> {
    const changes: Change[] = [];
    const result = await this.dataSource.transaction(async (manager) => {
      const value = await work(manager, (change) => changes.push(change));
      for (const { topic, key } of changes) {
        await manager.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify({ topic, key, origin: this.origin })]);
      }
      return value;
    });
    for (const change of changes) await this.apply(change);
    return result;
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.access.listens === false) return; // not connected, so nothing is cached
    await this.listen();
    this.running = this.watch();
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    await this.running;
    await this.client?.end().catch(() => undefined); // the database may be gone first
  }

  private async apply({ topic, key }: Change): Promise<void> {
    for (const listener of this.listeners.get(topic) ?? []) await listener(key);
  }

  private async listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.access.url,
      connectionTimeoutMillis: 2_000,
      query_timeout: PING_TIMEOUT_MS,
      application_name: 'latido changes',
    });
    client.on('error', () => undefined); // `end` follows
    await client.connect();
    client.on('notification', ({ payload }) => {
      const change = JSON.parse(payload ?? '{}') as Change & { origin: string };
      if (change.origin === this.origin) return; // already applied
      this.apply(change).catch((error: unknown) =>
        this.logger.error({ err: error, topic: change.topic }, 'a change announced elsewhere could not be applied'),
      );
    });
    client.once('end', () => this.lose(client));
    await client.query(`LISTEN ${CHANNEL}`);
    this.client = client;
    for (const listener of this.connectionListeners) listener(true);
  }

  private lose(client: pg.Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    for (const listener of this.connectionListeners) listener(false);
    if (!this.closed)
      this.logger.warn('lost the connection that announces changes: nothing is cached until it is back');
  }

  private async watch(): Promise<void> {
    while (!this.closed) {
      const client = this.client;
      try {
        if (client) {
          await client.query('SELECT 1');
        } else {
          await this.listen();
          this.logger.log('changes are announced again');
        }
      } catch {
        // Lost or still away: `lose` has said so once; this loop is the retry.
        if (client) {
          this.lose(client);
          client.end().catch(() => undefined); // half-open connections cannot say goodbye
        }
      }
      await sleep(this.client ? PING_EVERY_MS : RECONNECT_MS);
    }
  }
}
