import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditController } from './audit.controller.js';
import { AuditEvent } from './audit-event.entity.js';
import { AuditEventRepository } from './audit-event.repository.js';
import { AuditService } from './audit.service.js';
import { AuditTrail } from './audit-trail.js';
import { RequestLogEntry } from './request-log.entity.js';
import { RequestLog } from './request-log.js';
import { RequestLogRepository } from './request-log.repository.js';

/** The audit trail and the request log, for every module that changes or counts something. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([AuditEvent, RequestLogEntry])],
  controllers: [AuditController],
  providers: [AuditEventRepository, AuditService, AuditTrail, RequestLog, RequestLogRepository],
  exports: [AuditTrail, RequestLog, RequestLogRepository],
})
export class AuditModule {}
