/** What operations asks: is the process alive, is it ready, how does it do. */
import { Controller, Get, Header, Query, Res, type StreamableFile } from '@nestjs/common';
import {
  ApiExcludeEndpoint,
  ApiExtraModels,
  ApiOkResponse,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { LoopbackOrAdmin, Public, Roles } from './http/access.js';
import { ServerSentEvents } from './http/server-sent-events.js';
import { Metrics } from './metrics.js';
import { Readiness, type ReadinessReport } from './readiness.js';
import {
  MeasuredDistributionDto,
  MeasuredValueDto,
  ServiceEventsQuery,
  ServiceMetricsDto,
} from './service-metrics.dto.js';
import { ServiceMetrics } from './service-metrics.js';

const READINESS = {
  schema: {
    type: 'object',
    required: ['status', 'checks'],
    properties: {
      status: { type: 'string', enum: ['ready', 'not ready'] },
      checks: {
        type: 'object',
        additionalProperties: { type: 'string', enum: ['ok', 'failing'] },
        example: { database: 'ok', models: 'ok' },
      },
    },
  },
} as const;

@ApiTags('operations')
@Controller()
export class OperationsController {
  constructor(
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
    private readonly serviceMetrics: ServiceMetrics,
    private readonly sent: ServerSentEvents,
  ) {}

  /** The process answers. */
  @Get('health/live')
  @Public()
  @ApiOkResponse({
    schema: { type: 'object', required: ['status'], properties: { status: { type: 'string', enum: ['live'] } } },
  })
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  /** The database answers and every active model is loaded. */
  @Get('health/ready')
  @Public()
  @ApiOkResponse({ description: 'Ready', ...READINESS })
  @ApiServiceUnavailableResponse({ description: 'Not ready; `checks` says what is failing', ...READINESS })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessReport> {
    const report = await this.readiness.report();
    if (report.status !== 'ready') void reply.status(503).header('retry-after', '2');
    return report;
  }

  @Get('metrics')
  @LoopbackOrAdmin()
  @ApiExcludeEndpoint()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async scrape(): Promise<string> {
    return (await this.metrics.collect()).metrics();
  }

  /** How the service does: requests, latencies, refusals, the recorder, the event loop, per model. */
  @Get('v1/service/metrics')
  @Roles('admin')
  @ApiExtraModels(MeasuredValueDto, MeasuredDistributionDto)
  service(): Promise<ServiceMetricsDto> {
    return this.serviceMetrics.snapshot();
  }

  /**
   * The same as server-sent events: `metrics` at once and at an interval, for ten minutes; then ask again. An event `failed`, whose data
   * is a problem, ends it earlier.
   */
  @Get('v1/service/events')
  @Roles('admin')
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  events(@Query() query: ServiceEventsQuery, @Res({ passthrough: true }) reply: FastifyReply): StreamableFile {
    return this.sent.answer(reply, (gone) => this.serviceMetrics.events(query, gone));
  }
}
