import { Body, Controller, Get, HttpCode, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblemResponse, Authenticated, Caller, Origin, type Principal, type RequestOrigin } from '#platform';
import { PredictionExport, PredictionFilter } from '../predictions.dto.js';
import { PredictionExports } from './prediction-exports.service.js';

const CSV = { content: { 'text/csv': { schema: { type: 'string' as const } } } };
const FILE = { type: 'text/csv; charset=utf-8', disposition: 'attachment; filename="predictions.csv"' };

@ApiTags('predictions')
@Controller('v1')
export class PredictionExportController {
  constructor(private readonly exports: PredictionExports) {}

  /**
   * The rows of one's own predictions as a file, newest prediction first, one line a row; of everybody's for auditors and
   * administrators, each of whose reading of another user's leaves an audit event. With `label`, the rows that were answered so;
   * with `model`, also what was sent and the probability of each class. See docs/scoring-files.md.
   */
  @Get('predictions.csv')
  @Authenticated()
  @ApiOkResponse(CSV)
  @ApiProblemResponse(429, 'The plan admits no further file beside those that are being answered')
  async all(
    @Caller() caller: Principal,
    @Query() filter: PredictionFilter,
    @Origin() origin: RequestOrigin,
  ): Promise<StreamableFile> {
    return new StreamableFile(await this.exports.open(caller, filter, origin), FILE);
  }

  /** The same with a `subject`, which never stands in a URL: the rows of that patient alone. */
  @Post('predictions/search.csv')
  @HttpCode(200)
  @Authenticated()
  @ApiOkResponse(CSV)
  @ApiProblemResponse(429, 'The plan admits no further file beside those that are being answered')
  async search(
    @Caller() caller: Principal,
    @Body() search: PredictionExport,
    @Origin() origin: RequestOrigin,
  ): Promise<StreamableFile> {
    return new StreamableFile(await this.exports.open(caller, search, origin), FILE);
  }
}
