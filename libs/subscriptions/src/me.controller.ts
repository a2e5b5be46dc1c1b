import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Authenticated, Caller, DuringPasswordChange, type Principal } from '#platform';
import { MeDto } from './me.dto.js';
import { MeService } from './me.service.js';
import { UsageDto, UsageQuery } from './usage.dto.js';
import { UsageService } from './usage.service.js';

@ApiTags('me')
@Controller('v1/me')
export class MeController {
  constructor(
    private readonly me: MeService,
    private readonly usageService: UsageService,
  ) {}

  /** The caller's profile, plan and what is left of the quota now. */
  @Get()
  @Authenticated()
  @DuringPasswordChange()
  show(@Caller() caller: Principal): Promise<MeDto> {
    return this.me.show(caller);
  }

  /** The caller's requests, predictions and refusals per UTC day. */
  @Get('usage')
  @Authenticated()
  usage(@Caller() caller: Principal, @Query() query: UsageQuery): Promise<UsageDto> {
    return this.usageService.of(caller.userId, query.days);
  }
}
