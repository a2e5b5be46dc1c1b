import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated, Caller, type Principal } from '#platform';
import { VersionLatencyDto } from './latency.dto.js';
import { LatencyService } from './latency.service.js';

@ApiTags('models')
@Controller('v1/models/:model/versions/:version/latency')
export class LatencyController {
  constructor(private readonly latency: LatencyService) {}

  /** How long the newest predictions of a version took that were each asked for by a request of their own, everybody's together. */
  @Get()
  @Authenticated()
  @ApiOkResponse({ type: VersionLatencyDto })
  of(
    @Param('model') model: string,
    @Param('version') version: string,
    @Caller() caller: Principal,
  ): Promise<VersionLatencyDto> {
    return this.latency.of(model, version, caller.role);
  }
}
