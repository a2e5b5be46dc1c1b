/**
 * Checkpoints: signed statements of where all chains end, written to a file, to a table and, if asked for, to an address of the
 * operator's. A chain proves that nothing within it was changed; that its end or the whole of it was not cut off, only a
 * checkpoint proves that whoever owns the database cannot reach.
 */
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LatidoConfig, newId } from '#platform';
import { AuditKey } from './audit-key.js';
import type { CheckpointStatement, HeadReference } from './batch.js';
import { latestHeads } from './latest-heads.js';
import { RecordConnection } from './record-connection.js';
import { SealedLog } from './sealed-log.js';

/** A line of the file. The statement is a text within it, so that what was signed is there to the byte. */
export interface CheckpointLine {
  readonly statement: string;
  readonly kid: string;
  /** Base64. */
  readonly signature: string;
  /** PEM, so that a line can be checked with nothing but a trusted key to compare it with. */
  readonly publicKey: string;
}

const SEND_TIMEOUT_MS = 5_000;

@Injectable()
export class Checkpoints implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Checkpoints.name);
  private readonly config: LatidoConfig['audit']['checkpoints'];
  /** Shard to the sequence number that the last checkpoint of this process named. */
  private readonly named = new Map<number, number>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly connection: RecordConnection,
    private readonly key: AuditKey,
    private readonly log: SealedLog,
    config: LatidoConfig,
  ) {
    this.config = config.audit.checkpoints;
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.writeOrWarn(), this.config.everyMs).unref();
  }

  /** The last word of a process that recorded something. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    if (this.log.hasWritten) this.writeOrWarn();
    await this.writing;
    await this.connection.close();
  }

  /** Writes a checkpoint if a chain has grown since the last one. @throws what the database or the file system said */
  async write(): Promise<CheckpointStatement | undefined> {
    const client = this.connection.client ?? (await this.connection.connect());
    const { rows } = await client.query<HeadReference>(latestHeads());
    const heads = rows.filter(({ shard, seq }) => this.named.get(shard) !== seq);
    if (heads.length === 0) return undefined;
    const checkpoint: CheckpointStatement = { latido: 'checkpoint', format: 1, at: new Date().toISOString(), heads };
    const statement = JSON.stringify(checkpoint);
    const signature = this.key.sign(statement);
    const { kid, publicPem: publicKey } = this.key;
    const line: CheckpointLine = { statement, kid, signature: signature.toString('base64'), publicKey };
    await appendDurably(this.config.file, `${JSON.stringify(line)}\n`);
    await client.query('INSERT INTO audit_checkpoints (id, statement, kid, signature) VALUES ($1, $2, $3, $4)', [
      newId(),
      statement,
      kid,
      signature,
    ]);
    for (const { shard, seq } of heads) this.named.set(shard, seq);
    if (this.config.url) await send(this.config.url, line);
    return checkpoint;
  }

  private writeOrWarn(): void {
    this.writing = this.writing
      .then(() => this.write())
      .then(
        () => undefined,
        (error: unknown) =>
          this.logger.warn({ err: error }, 'a checkpoint could not be written; the next one names more'),
      );
  }
}

async function appendDurably(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a', 0o640);
  try {
    await file.appendFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** @throws Error when it is not taken: it stands in the file all the same */
async function send(url: string, line: CheckpointLine): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(line),
    signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`AUDIT_CHECKPOINT_URL answered ${response.status}`);
}
