import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  AcceptsCsv,
  AcceptsMultipart,
  ApiProblemResponse,
  Authenticated,
  Caller,
  Costs,
  Origin,
  type Page,
  type Principal,
  type RequestOrigin,
  ServerSentEvents,
} from '#platform';
import { BatchDto, BatchFilter, BatchPageDto, BatchQuery } from './batches.dto.js';
import { BatchesService } from './batches.service.js';

const CSV = { 'text/csv': { schema: { type: 'string' as const } } };

@ApiTags('batches')
@Controller('v1')
export class BatchesController {
  constructor(
    private readonly batches: BatchesService,
    private readonly sent: ServerSentEvents,
  ) {}

  /**
   * Takes a CSV file and scores it in the background. Its header is looked at before anything is answered; the whole file is scored by
   * the version that is active now, or by the one named. See docs/scoring-files.md.
   */
  @Post('models/:model/batches')
  @HttpCode(202)
  @Authenticated()
  @Costs('request')
  @AcceptsCsv()
  @AcceptsMultipart()
  @ApiConsumes('text/csv', 'multipart/form-data')
  @ApiBody({ schema: { type: 'string' }, description: 'The file itself, or a form with nothing but the file' })
  @ApiAcceptedResponse({ type: BatchDto })
  async create(
    @Req() request: FastifyRequest,
    @Param('model') model: string,
    @Query() query: BatchQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchDto> {
    const batch = await this.batches.create(request, model, query);
    void reply.header('location', `/v1/batches/${batch.id}`);
    return batch;
  }

  /** One's own batches, newest first; auditors and administrators see all. Those whose time is over are gone. */
  @Get('batches')
  @Authenticated()
  @ApiOkResponse({ type: BatchPageDto })
  list(@Caller() caller: Principal, @Query() filter: BatchFilter): Promise<Page<BatchDto>> {
    return this.batches.list(caller, filter);
  }

  /** How far a batch is: its owner's; auditors and administrators see all. */
  @Get('batches/:id')
  @Authenticated()
  @ApiOkResponse({ type: BatchDto })
  get(@Caller() caller: Principal, @Param('id') id: string): Promise<BatchDto> {
    return this.batches.get(caller, id);
  }

  /**
   * The same as server-sent events: `progress`, at most two a second, and at last `ended`. An event `failed`, whose data is a problem,
   * ends them earlier.
   */
  @Get('batches/:id/events')
  @Authenticated()
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  async events(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    return this.sent.answer(reply, await this.batches.events(caller, id));
  }

  /**
   * The file with its results, once the batch has ended; of one that was cancelled, or failed half-way, as many rows as were done.
   * Reading another user's leaves an audit event.
   */
  @Get('batches/:id/results')
  @Authenticated()
  @ApiOkResponse({ content: CSV })
  @ApiProblemResponse(409, 'The batch has not ended, or has failed without results')
  async results(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Origin() origin: RequestOrigin,
  ): Promise<StreamableFile> {
    return new StreamableFile(await this.batches.results(caller, id, origin), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="${id}.csv"`,
    });
  }

  /** Cancels a batch. What it has predicted stays in the record, and can be read as its results. */
  @Delete('batches/:id')
  @HttpCode(204)
  @Authenticated()
  @ApiNoContentResponse()
  @ApiProblemResponse(403, 'The caller may see the batch, but neither is it theirs nor are they an administrator')
  @ApiProblemResponse(409, 'The batch has ended already')
  cancel(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.batches.cancel(caller, id);
  }
}
