import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { afterId, DEFAULT_PAGE_SIZE, Roles, toPage, type Page } from '#platform';
import { RefusalPageDto, RefusalQuery, type RefusalDto } from './refusals.dto.js';
import { RequestLogRepository } from './request-log.repository.js';

/** `4xx` as the statuses from 400 on and before 500; `429` as that one. */
function statusesOf(status: string): readonly [from: number, before: number] {
  const from = Number(status.replace('xx', '00'));
  return [from, from + (status.endsWith('xx') ? 100 : 1)];
}

@ApiTags('operations')
@Controller('v1/service')
export class RefusalsController {
  constructor(private readonly requestLog: RequestLogRepository) {}

  /**
   * Requests that were refused or failed, newest first. From the request log, which has what a known user sent to a route that counts
   * against the plan (predictions, batches, replays), some milliseconds after its answer. What is not in it (refused sign-ins, callers
   * without a valid token, reads and administration) is told by `latido_http_requests_total` in the metrics and, one by one, by the
   * server's own log; refused sign-ins leave audit events, too.
   */
  @Get('refusals')
  @Roles('admin')
  @ApiOkResponse({ type: RefusalPageDto })
  async list(@Query() query: RefusalQuery): Promise<Page<RefusalDto>> {
    const { limit = DEFAULT_PAGE_SIZE, status } = query;
    const statuses = status === undefined ? undefined : statusesOf(status);
    return toPage(await this.requestLog.refusals(limit + 1, afterId(query), statuses), limit, (refusal) => refusal);
  }
}
