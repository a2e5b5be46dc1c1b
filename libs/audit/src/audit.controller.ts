import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Roles, type Page } from '#platform';
import { AuditEventPageDto, AuditEventQuery, type AuditEventDto } from './audit.dto.js';
import { AuditService } from './audit.service.js';

@ApiTags('audit')
@Controller('v1/audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  /** Who changed what, newest first. */
  @Get('events')
  @Roles('auditor')
  @ApiOkResponse({ type: AuditEventPageDto })
  events(@Query() query: AuditEventQuery): Promise<Page<AuditEventDto>> {
    return this.audit.list(query);
  }
}
