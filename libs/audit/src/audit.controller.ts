import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res, type StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { acceptsEvents, ApiProblemResponse, PageQuery, Roles, ServerSentEvents, type Page } from '#platform';
import {
  AuditCheckpointPageDto,
  AuditEventPageDto,
  AuditEventQuery,
  AuditProgressDto,
  AuditProofDto,
  AuditVerificationDto,
  AuditVerifyRequest,
  type AuditCheckpointDto,
  type AuditEventDto,
} from './audit.dto.js';
import { AuditService } from './audit.service.js';
import { Proofs } from './verification/proofs.js';
import { Verifications } from './verification/verifications.js';

@ApiTags('audit')
@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly audit: AuditService,
    private readonly proofs: Proofs,
    private readonly verifications: Verifications,
    private readonly sent: ServerSentEvents,
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

  /**
   * Verifies the record by the public keys in the database; `latido audit verify` does so by those of an auditor. With
   * `Accept: text/event-stream` it answers server-sent events: `progress` (AuditProgressDto) at most four times a second, and at last
   * `ended` (AuditVerificationDto) or `failed` (ProblemDto). It then may take as long as it needs, and stops when the client leaves.
   */
  @Post('verify')
  @HttpCode(200)
  @Roles('auditor')
  @ApiExtraModels(AuditProgressDto, AuditVerificationDto)
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(AuditVerificationDto) } },
      'text/event-stream': { schema: { type: 'string' } },
    },
  })
  @ApiProblemResponse(409, 'The record is being verified already')
  verify(
    @Body() request: AuditVerifyRequest,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): StreamableFile | Promise<AuditVerificationDto> {
    return acceptsEvents(accept)
      ? this.sent.answer(reply, (gone) => this.verifications.watch(request, gone))
      : this.verifications.verify(request);
  }
}
