import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblemResponse, Caller, Origin, Roles, type Page, type Principal, type RequestOrigin } from '#platform';
import { ChangeUserDto, UserDto, UserPageDto, UserQuery } from './user.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@Controller('v1/users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  /** Accounts, newest first. */
  @Get()
  @Roles('admin')
  @ApiOkResponse({ type: UserPageDto })
  list(@Query() query: UserQuery): Promise<Page<UserDto>> {
    return this.users.list(query);
  }

  /** One account. */
  @Get(':id')
  @Roles('admin')
  get(@Param('id') id: string): Promise<UserDto> {
    return this.users.get(id);
  }

  /** Changes role, status or display name; tokens already issued included. */
  @Patch(':id')
  @Roles('admin')
  @ApiOkResponse({ type: UserDto })
  @ApiProblemResponse(409, 'The last active administrator stays one')
  change(
    @Param('id') id: string,
    @Body() changes: ChangeUserDto,
    @Caller() caller: Principal,
    @Origin() origin: RequestOrigin,
  ): Promise<UserDto> {
    return this.users.change(id, changes, caller, origin);
  }
}
