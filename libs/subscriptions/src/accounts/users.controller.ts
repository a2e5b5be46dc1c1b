import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblemResponse, Caller, Origin, Roles, type Page, type Principal, type RequestOrigin } from '#platform';
import { ChangeUserDto } from '#users';
import { AccountDto, AccountPageDto, AccountQuery } from './account.dto.js';
import { AccountsService } from './accounts.service.js';

@ApiTags('users')
@Controller('v1/users')
export class UsersController {
  constructor(private readonly accounts: AccountsService) {}

  /** Accounts with their plans, newest first. */
  @Get()
  @Roles('admin')
  @ApiOkResponse({ type: AccountPageDto })
  list(@Query() query: AccountQuery): Promise<Page<AccountDto>> {
    return this.accounts.list(query);
  }

  /** One account with its plan. */
  @Get(':id')
  @Roles('admin')
  get(@Param('id') id: string): Promise<AccountDto> {
    return this.accounts.get(id);
  }

  /** Changes role, status or display name; tokens already issued included. */
  @Patch(':id')
  @Roles('admin')
  @ApiOkResponse({ type: AccountDto })
  @ApiProblemResponse(409, 'The last active administrator stays one')
  change(
    @Param('id') id: string,
    @Body() changes: ChangeUserDto,
    @Caller() caller: Principal,
    @Origin() origin: RequestOrigin,
  ): Promise<AccountDto> {
    return this.accounts.change(id, changes, caller, origin);
  }
}
