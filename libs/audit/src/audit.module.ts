import { Global, Module, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Housekeeping } from '#platform';
import { AuditController } from './audit.controller.js';
import { AuditEvent } from './audit-event.entity.js';
import { AuditEventRepository } from './audit-event.repository.js';
import { AuditService } from './audit.service.js';
import { AuditTrail } from './audit-trail.js';
import { AuditKey } from './chain/audit-key.js';
import {
  AuditBatchEntity,
  AuditCheckpointEntity,
  AuditEventSealEntity,
  AuditKeyEntity,
  AuditShardEntity,
} from './chain/chain.entities.js';
import { Checkpoints } from './chain/checkpoints.js';
import { EventSealer } from './chain/event-sealer.js';
import { RecordConnection } from './chain/record-connection.js';
import { SealedLog } from './chain/sealed-log.js';
import { RefusalsController } from './refusals.controller.js';
import { RequestLogEntry } from './request-log.entity.js';
import { eventLeaves } from './verification/event-leaves.js';
import { LeafSources } from './verification/leaf-source.js';
import { Proofs } from './verification/proofs.js';
import { Verifications } from './verification/verifications.js';
import { RequestLog } from './request-log.js';
import { RequestLogRepository } from './request-log.repository.js';

const MONTHS_AHEAD = 12;

/** The audit trail and the request log, for every module that changes or counts something. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forFeature([
      AuditBatchEntity,
      AuditCheckpointEntity,
      AuditEvent,
      AuditEventSealEntity,
      AuditKeyEntity,
      AuditShardEntity,
      RequestLogEntry,
    ]),
  ],
  controllers: [AuditController, RefusalsController],
  providers: [
    AuditEventRepository,
    AuditKey,
    AuditService,
    AuditTrail,
    Checkpoints,
    EventSealer,
    LeafSources,
    Proofs,
    RecordConnection,
    RequestLog,
    RequestLogRepository,
    SealedLog,
    Verifications,
  ],
  exports: [AuditTrail, EventSealer, LeafSources, RequestLog, RequestLogRepository, SealedLog],
})
export class AuditModule implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly housekeeping: Housekeeping,
    private readonly dataSource: DataSource,
    private readonly sources: LeafSources,
  ) {}

  onModuleInit(): void {
    this.sources.add(eventLeaves);
    this.housekeeping.add('months of the record', () => this.addMonths());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.addMonths();
  }

  /** The record is partitioned by month; where a month is missing nothing can be written. Nothing is deleted: 0. */
  private async addMonths(): Promise<number> {
    await this.dataSource.query('SELECT add_record_partitions($1)', [MONTHS_AHEAD]);
    return 0;
  }
}
