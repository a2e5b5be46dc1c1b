import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Caller, Origin, ProblemDto, Roles, type Page, type Principal, type RequestOrigin } from '#platform';
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
  @ApiNotFoundResponse({ type: ProblemDto })
  get(@Param('id') id: string): Promise<UserDto> {
    return this.users.get(id);
  }

  /** Changes role, status or display name; tokens already issued included. */
  @Patch(':id')
  @Roles('admin')
  @ApiNotFoundResponse({ type: ProblemDto })
  @ApiConflictResponse({ type: ProblemDto, description: 'The last active administrator stays one' })
  change(
    @Param('id') id: string,
    @Body() changes: ChangeUserDto,
    @Caller() caller: Principal,
    @Origin() origin: RequestOrigin,
  ): Promise<UserDto> {
    return this.users.change(id, changes, caller, origin);
  }
}
