import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { PageQuery, Roles, type Page } from '#platform';
import {
  AuditCheckpointPageDto,
  AuditEventPageDto,
  AuditEventQuery,
  AuditProofDto,
  AuditVerificationDto,
  AuditVerifyRequest,
  type AuditCheckpointDto,
  type AuditEventDto,
} from './audit.dto.js';
import { AuditService } from './audit.service.js';
import { Proofs } from './verification/proofs.js';

@ApiTags('audit')
@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly audit: AuditService,
    private readonly proofs: Proofs,
  ) {}

  /** Who changed what, newest first. */
  @Get('events')
  @Roles('auditor')
  @ApiOkResponse({ type: AuditEventPageDto })
  events(@Query() query: AuditEventQuery): Promise<Page<AuditEventDto>> {
    return this.audit.list(query);
  }

  /** Signed statements of where all chains of the record ended, newest first. */
  @Get('checkpoints')
  @Roles('auditor')
  @ApiOkResponse({ type: AuditCheckpointPageDto })
  checkpoints(@Query() query: PageQuery): Promise<Page<AuditCheckpointDto>> {
    return this.audit.checkpoints(query);
  }

  /** Shows of an audit event or a prediction that it is in the record, to be checked without this server. */
  @Get('proofs/:id')
  @Roles('auditor')
  @ApiOkResponse({ type: AuditProofDto })
  proof(@Param('id') id: string): Promise<AuditProofDto> {
    return this.proofs.proofOf(id);
  }

  /** Verifies the record by the public keys in the database; `latido audit verify` does so by those of an auditor. */
  @Post('verify')
  @HttpCode(200)
  @Roles('auditor')
  @ApiOkResponse({ type: AuditVerificationDto })
  verify(@Body() request: AuditVerifyRequest): Promise<AuditVerificationDto> {
    return this.proofs.verify(request);
  }
}
