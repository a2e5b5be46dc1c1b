/** The record's writers on a database of a test's own, without a server around them. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { afterAll } from 'vitest';
import { AuditEvent, AuditKey, AuditTrail, Checkpoints, EventSealer, RecordConnection, SealedLog } from '#audit';
import { createDataSource, DataFolder, loadConfig, Metrics, type LatidoConfig } from '#platform';
import { PredictionRecorder, PredictionRepository, ProvenanceRepository } from '#predictions';
import type { TestDatabase } from './database.js';

export interface RecordWriters {
  readonly config: LatidoConfig;
  readonly dataSource: DataSource;
  readonly key: AuditKey;
  readonly log: SealedLog;
  readonly sealer: EventSealer;
  readonly checkpoints: Checkpoints;
  readonly trail: AuditTrail;
  readonly recorder: PredictionRecorder;
  readonly predictions: PredictionRepository;
  readonly metrics: Metrics;
  /** Ends as a server does: what waits is written. */
  close(): Promise<void>;
}

const ownFolders: string[] = [];
/** They go with the spec file. */
afterAll(() => {
  for (const folder of ownFolders) rmSync(folder, { recursive: true, force: true });
});

function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latido-record-'));
  chmodSync(folder, 0o755);
  ownFolders.push(folder);
  return folder;
}

/**
 * As one process of Latido; each call is another process with a chain of its own.
 * @param url of the database; else the application's role
 */
export async function openRecord(
  database: TestDatabase,
  {
    folder = ownFolder(),
    environment = {},
    url = database.url,
  }: { folder?: string; environment?: Record<string, string>; url?: string } = {},
): Promise<RecordWriters> {
  const config = loadConfig({ DATA_DIR: join(folder, 'data'), REPLICA_NAME: 'test', ...environment }, folder);
  const access = { url, poolSize: 4 };
  const dataSource = await createDataSource(access, { entities: [AuditEvent] }).initialize();
  const key = new AuditKey(config, new DataFolder(config.dataDir));
  const connection = new RecordConnection(access);
  const log = new SealedLog(connection, key, config);
  const sealer = new EventSealer(dataSource, log);
  const checkpoints = new Checkpoints(connection, key, log, config);
  const metrics = new Metrics();
  const provenances = new ProvenanceRepository(dataSource);
  const recorder = new PredictionRecorder(log, provenances, metrics);
  return {
    config,
    dataSource,
    key,
    log,
    sealer,
    checkpoints,
    trail: new AuditTrail(dataSource, key, sealer),
    recorder,
    predictions: new PredictionRepository(dataSource, provenances),
    metrics,
    async close() {
      await recorder.beforeApplicationShutdown();
      await sealer.beforeApplicationShutdown();
      await checkpoints.onApplicationShutdown();
      await dataSource.destroy();
    },
  };
}
