import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller, Origin, Public, Roles, type Principal, type RequestOrigin } from '#platform';
import { ChangePlanDto, PlanDto, PlanListDto } from './plans.dto.js';
import { PlansService } from './plans.service.js';

@ApiTags('plans')
@Controller('v1/plans')
export class PlansController {
  constructor(private readonly plans: PlansService) {}

  /** The plans there are. */
  @Get()
  @Public()
  list(): Promise<PlanListDto> {
    return this.plans.list();
  }

  /** Changes a plan for everybody who has it, from their next request on; what is left out stays as it is. */
  @Put(':name')
  @Roles('admin')
  change(
    @Param('name') name: string,
    @Body() changes: ChangePlanDto,
    @Caller() caller: Principal,
    @Origin() origin: RequestOrigin,
  ): Promise<PlanDto> {
    return this.plans.change(name, changes, caller, origin);
  }
}
