import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller, Origin, Roles, type Principal, type RequestOrigin } from '#platform';
import { ChangeSubscriptionDto, SubscriptionDto } from './subscriptions.dto.js';
import { SubscriptionsService } from './subscriptions.service.js';
import { UsageDto, UsageQuery } from './usage.dto.js';
import { UsageService } from './usage.service.js';

@ApiTags('users')
@Controller('v1/users/:id')
export class SubscriptionsController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly usageService: UsageService,
  ) {}

  /** Gives a user a plan, from the next request on; tokens already issued included. */
  @Put('subscription')
  @Roles('admin')
  change(
    @Param('id') id: string,
    @Body() change: ChangeSubscriptionDto,
    @Caller() caller: Principal,
    @Origin() origin: RequestOrigin,
  ): Promise<SubscriptionDto> {
    return this.subscriptions.change(id, change, caller, origin);
  }

  /** A user's requests, predictions and refusals per UTC day. */
  @Get('usage')
  @Roles('auditor')
  usage(@Param('id') id: string, @Query() query: UsageQuery): Promise<UsageDto> {
    return this.usageService.ofOther(id, query.days);
  }
}
