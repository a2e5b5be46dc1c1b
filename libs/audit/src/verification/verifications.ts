/** Verifications that are asked for over HTTP: one at a time, by the public keys in the database. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { DATABASE_ACCESS, DomainError, withClient, type DatabaseAccess, type ServerSentEvent } from '#platform';
import type { AuditProgressDto, AuditVerificationDto, AuditVerifyRequest } from '../audit.dto.js';
import { auditErrors } from '../audit.errors.js';
import { LeafSources } from './leaf-source.js';
import { VerificationProgress } from './verification-progress.js';
import { verifyRecord } from './verify-record.js';

/** One that nobody can watch and that takes longer is given up: the command has no limit. */
const UNWATCHED_TIMEOUT_MS = 120_000;
const TELL_EVERY_MS = 250;

type Outcome = { readonly result: AuditVerificationDto } | { readonly error: unknown };

@Injectable()
export class Verifications {
  private readonly logger = new Logger(Verifications.name);
  private running = false;

  constructor(
    @Inject(DATABASE_ACCESS) private readonly access: DatabaseAccess,
    private readonly sources: LeafSources,
    private readonly dataSource: DataSource,
  ) {}

  /** The whole record, or what was sealed since. @throws VERIFICATION_RUNNING */
  verify(request: AuditVerifyRequest): Promise<AuditVerificationDto> {
    this.begin();
    return this.run(async (client) => {
      await client.query(`SET statement_timeout = ${UNWATCHED_TIMEOUT_MS}`);
      return this.verifyBy(client, request);
    });
  }

  /**
   * The same as events: `progress` a few times a second, and at last `ended` with the result. It ends with whoever watches it.
   * @throws VERIFICATION_RUNNING
   */
  watch(request: AuditVerifyRequest, gone: AbortSignal): AsyncIterable<ServerSentEvent> {
    this.begin();
    const progress = new VerificationProgress(gone);
    const outcome = this.run((client) =>
      this.cancellable(client, gone, () => this.verifyBy(client, request, progress)),
    ).then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    return tell(outcome, progress);
  }

  private begin(): void {
    if (this.running)
      throw new DomainError(auditErrors.VERIFICATION_RUNNING, 'The record is being verified already.', {
        headers: { 'retry-after': '10' },
      });
    this.running = true;
  }

  private async run<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    try {
      return await withClient(this.access.url, 'latido verification', work);
    } finally {
      this.running = false;
    }
  }

  private verifyBy(
    client: pg.Client,
    { since }: AuditVerifyRequest,
    progress?: VerificationProgress,
  ): Promise<AuditVerificationDto> {
    return verifyRecord(client, {
      sources: this.sources.all(),
      ...(since !== undefined && { since: new Date(since) }),
      ...(progress && { progress }),
    });
  }

  /** Work whose statement is cancelled in the database once the signal is aborted: a client cannot interrupt what it reads. */
  private async cancellable<T>(client: pg.Client, gone: AbortSignal, work: () => Promise<T>): Promise<T> {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const cancel = (): void => {
      this.dataSource
        .query('SELECT pg_cancel_backend($1)', [rows[0]!.pid])
        .catch((error: unknown) => this.logger.warn({ err: error }, 'a verification could not be cancelled'));
    };
    gone.addEventListener('abort', cancel, { once: true });
    try {
      gone.throwIfAborted();
      return await work();
    } finally {
      gone.removeEventListener('abort', cancel);
    }
  }
}

async function* tell(outcome: Promise<Outcome>, progress: VerificationProgress): AsyncGenerator<ServerSentEvent> {
  let told = '';
  for (;;) {
    const { phase, checked, total } = progress;
    const data: AuditProgressDto = { phase, checked, total };
    const text = JSON.stringify(data);
    if (text !== told) yield { event: 'progress', data };
    told = text;
    const last = await Promise.race([outcome, sleep(TELL_EVERY_MS)]);
    if (!last) continue;
    if ('error' in last) throw last.error;
    yield { event: 'ended', data: last.result };
    return;
  }
}
