import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  AcceptsCsv,
  Authenticated,
  Caller,
  Costs,
  CsvBody,
  Direct,
  Origin,
  ReadsUpTo,
  type Page,
  type Principal,
  type RequestOrigin,
} from '#platform';
import { CsvStreams, type CsvCall } from './files/stream/csv-streams.service.js';
import { callOf, sendCreated, type PredictionHttpRequest } from './prediction-exchange.js';
import { PredictionHistory } from './prediction-history.service.js';
import {
  PredictionDetailDto,
  PredictionDto,
  PredictionPageDto,
  PredictionQuery,
  PredictionRequestDto,
  PredictionRowDto,
  PredictionSearch,
  type PredictionSummaryDto,
} from './predictions.dto.js';
import { PredictionsService } from './predictions.service.js';

/** 1,000 windows of 20 samples of nine signals, with units and names, take 13 MB. */
const LARGEST_BODY_BYTES = 16 * 1024 * 1024;

@ApiTags('predictions')
@Controller('v1')
export class PredictionsController {
  constructor(
    private readonly predictions: PredictionsService,
    private readonly history: PredictionHistory,
    private readonly streams: CsvStreams,
  ) {}

  /**
   * Predicts for one row or for several, by the model's active version or by the one named. The prediction is recorded
   * before it is answered; `Server-Timing` tells where the time went. A CSV file (`text/csv`) is answered as one, row by row, with
   * 200; see docs/scoring-files.md.
   */
  @Post('models/:model/predictions')
  @Direct()
  @Authenticated()
  @Costs('request')
  @ReadsUpTo(LARGEST_BODY_BYTES)
  @AcceptsCsv()
  @ApiParam({ name: 'model', example: 'cardiac-risk' })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'Makes a retry safe: within 24 hours the same key with the same body answers the first answer again, ' +
      'with `Idempotency-Replayed: true`',
  })
  @ApiBody({ type: PredictionRequestDto })
  @ApiCreatedResponse({ type: PredictionDto })
  predict(@Req() request: PredictionHttpRequest, @Res() reply: FastifyReply): void {
    const { body } = request;
    if (body instanceof CsvBody) return void this.streams.answer(request, reply, csvCallOf(request, body));
    this.predictions.predict(callOf(request)).then(
      (outcome) => sendCreated(request, reply, outcome),
      (error: unknown) => void reply.send(error),
    );
  }

  /**
   * One's own predictions, newest first; auditors and administrators see that others' exist, and open them one by one.
   */
  @Get('predictions')
  @Authenticated()
  @ApiOkResponse({ type: PredictionPageDto })
  list(
    @Caller() caller: Principal,
    @Query() query: PredictionQuery,
    @Origin() origin: RequestOrigin,
  ): Promise<Page<PredictionSummaryDto>> {
    return this.history.list(caller, query, origin);
  }

  /** The same with a `subject`, which never stands in a URL. */
  @Post('predictions/search')
  @HttpCode(200)
  @Authenticated()
  @ApiOkResponse({ type: PredictionPageDto })
  search(
    @Caller() caller: Principal,
    @Body() search: PredictionSearch,
    @Origin() origin: RequestOrigin,
  ): Promise<Page<PredictionSummaryDto>> {
    return this.history.list(caller, search, origin);
  }

  /** The whole record of a prediction. Reading another user's leaves an audit event. */
  @Get('predictions/:id')
  @Authenticated()
  @ApiOkResponse({ type: PredictionDetailDto })
  detail(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Origin() origin: RequestOrigin,
  ): Promise<PredictionDetailDto> {
    return this.history.detail(caller, id, origin);
  }

  /** One row of a prediction, counted from 0. */
  @Get('predictions/:id/rows/:row')
  @Authenticated()
  @ApiParam({ name: 'row', schema: { type: 'integer', minimum: 0 } })
  @ApiOkResponse({ type: PredictionRowDto })
  row(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('row') row: string,
    @Origin() origin: RequestOrigin,
  ): Promise<PredictionRowDto> {
    return this.history.row(caller, id, row, origin);
  }
}

function csvCallOf({ params, query }: PredictionHttpRequest, body: CsvBody): CsvCall {
  return { model: params.model, version: (query as { readonly version?: unknown }).version, body };
}
