import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Caller, Roles, type Principal } from '#platform';
import { ComparisonQuery, TrafficComparisonDto } from './shadow.dto.js';
import { ShadowService } from './shadow.service.js';

@ApiTags('models')
@Controller('v1/models/:model/traffic')
export class ShadowController {
  constructor(private readonly shadows: ShadowService) {}

  /**
   * How a version in shadow, or one with a share of the traffic, does beside the other on the same rows: agreement, difference of the
   * scores, latency.
   */
  @Get('comparison')
  @Roles('publisher', 'auditor')
  @ApiOkResponse({ type: TrafficComparisonDto })
  compare(
    @Param('model') model: string,
    @Query() query: ComparisonQuery,
    @Caller() caller: Principal,
  ): Promise<TrafficComparisonDto> {
    return this.shadows.compare(model, query, caller.role);
  }
}
