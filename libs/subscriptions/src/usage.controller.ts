import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Roles } from '#platform';
import { UsersUsageDto, UsersUsageQuery } from './usage.dto.js';
import { UsageService } from './usage.service.js';

@ApiTags('users')
@Controller('v1/usage')
export class UsageController {
  constructor(private readonly usage: UsageService) {}

  /** Requests, predictions and refusals per UTC day of several users: what stands beside each in a list of them. */
  @Get()
  @Roles('auditor')
  of(@Query() { userId, days }: UsersUsageQuery): Promise<UsersUsageDto> {
    return this.usage.ofAll(userId, days);
  }
}
