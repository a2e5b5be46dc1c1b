import { Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import {
  ApiProblemResponse,
  Authenticated,
  Caller,
  Costs,
  Origin,
  type Principal,
  type RequestOrigin,
} from '#platform';
import { ReplayDto, ReplayQuery } from './replay.dto.js';
import { ReplayService } from './replay.service.js';

const NOT_POSSIBLE = 'The version does not load on that engine here, or does not take the recorded inputs any more';
const ERASED = 'What it would be computed from has been erased';

@ApiTags('predictions')
@Controller('v1/predictions')
export class ReplayController {
  constructor(private readonly replays: ReplayService) {}

  /**
   * Computes a recorded prediction again: the recorded inputs, on the recorded version and engine, whatever is active now.
   * Says whether the scores are the same to the last bit, and whether the machine is. It counts against the plan as a
   * request, leaves an audit event, and is not recorded as a prediction.
   */
  @Post(':id/replay')
  @HttpCode(200)
  @Authenticated()
  @Costs('request')
  @ApiOkResponse({ type: ReplayDto })
  @ApiProblemResponse(409, NOT_POSSIBLE)
  @ApiProblemResponse(410, ERASED)
  replay(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() { engine = 'recorded' }: ReplayQuery,
    @Origin() origin: RequestOrigin,
  ): Promise<ReplayDto> {
    return this.replays.replay(caller, { id, engine }, origin);
  }

  /** Computes one row of a recorded prediction again, counted from 0. */
  @Post(':id/rows/:row/replay')
  @HttpCode(200)
  @Authenticated()
  @Costs('request')
  @ApiParam({ name: 'row', schema: { type: 'integer', minimum: 0 } })
  @ApiOkResponse({ type: ReplayDto })
  @ApiProblemResponse(409, NOT_POSSIBLE)
  @ApiProblemResponse(410, ERASED)
  replayRow(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('row') row: string,
    @Query() { engine = 'recorded' }: ReplayQuery,
    @Origin() origin: RequestOrigin,
  ): Promise<ReplayDto> {
    return this.replays.replay(caller, { id, row, engine }, origin);
  }
}
