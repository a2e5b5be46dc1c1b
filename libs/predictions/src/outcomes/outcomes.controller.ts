import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import {
  ApiProblemResponse,
  Authenticated,
  Caller,
  Origin,
  type Page,
  type Principal,
  type RequestOrigin,
} from '#platform';
import { OutcomeDto, OutcomePageDto, OutcomeQuery, PutOutcomeDto } from './outcomes.dto.js';
import { OutcomesService } from './outcomes.service.js';

const READER = 'The caller may read the prediction, but it is neither theirs nor are they an administrator';
const ERASED = 'What was predicted has been erased';

@ApiTags('predictions')
@Controller('v1/predictions')
export class OutcomesController {
  constructor(private readonly outcomes: OutcomesService) {}

  /**
   * Records what really happened to the patient of a prediction of one row. The same again changes nothing; another one is a
   * correction, and the earlier ones stay in the history. For the prediction's owner and administrators.
   */
  @Put(':id/outcome')
  @Authenticated()
  @ApiOkResponse({ type: OutcomeDto })
  @ApiProblemResponse(403, READER)
  @ApiProblemResponse(409, 'The prediction has several rows: name one')
  @ApiProblemResponse(410, ERASED)
  put(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: PutOutcomeDto,
    @Origin() origin: RequestOrigin,
  ): Promise<OutcomeDto> {
    return this.outcomes.put(caller, { id }, body, origin);
  }

  /** Records what really happened to the patient of one row, counted from 0. */
  @Put(':id/rows/:row/outcome')
  @Authenticated()
  @ApiParam({ name: 'row', schema: { type: 'integer', minimum: 0 } })
  @ApiOkResponse({ type: OutcomeDto })
  @ApiProblemResponse(403, READER)
  @ApiProblemResponse(410, ERASED)
  putRow(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('row') row: string,
    @Body() body: PutOutcomeDto,
    @Origin() origin: RequestOrigin,
  ): Promise<OutcomeDto> {
    return this.outcomes.put(caller, { id, row }, body, origin);
  }

  /** Who said what of a prediction when, newest first. Reading another user's leaves an audit event. */
  @Get(':id/outcomes')
  @Authenticated()
  @ApiOkResponse({ type: OutcomePageDto })
  history(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: OutcomeQuery,
    @Origin() origin: RequestOrigin,
  ): Promise<Page<OutcomeDto>> {
    return this.outcomes.history(caller, id, query, origin);
  }
}
