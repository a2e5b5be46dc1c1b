import { Body, Controller, Delete, HttpCode, Patch, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  ApiProblemResponse,
  Authenticated,
  Caller,
  DuringPasswordChange,
  NoApiKeys,
  Origin,
  Public,
  type Principal,
  type RequestOrigin,
} from '#platform';
import { UserDto } from '#users';
import { createdAt } from '../created-at.js';
import { SessionsService } from '../tokens/sessions.service.js';
import { ChangeMeDto, ProfileDto, RegistrationDto } from './account.dto.js';
import { Accounts } from './accounts.service.js';
import { Registration } from './registration.js';

@Controller()
export class AccountsController {
  constructor(
    private readonly registration: Registration,
    private readonly accounts: Accounts,
    private readonly sessions: SessionsService,
  ) {}

  /** Registers an account: role `user`, plan `FREEMIUM`. Sign in with the e-mail address or the user name. */
  @Post('v1/users')
  @Public()
  @ApiTags('users')
  @ApiCreatedResponse({ type: UserDto })
  @ApiProblemResponse(403, 'Registration is closed, or by invitation')
  @ApiProblemResponse(409, 'The e-mail address or user name is taken')
  @ApiProblemResponse(429, 'Too many registrations from this address')
  register(
    @Body() wanted: RegistrationDto,
    @Origin() origin: RequestOrigin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserDto> {
    return createdAt('/v1/users', reply, this.registration.register(wanted, origin));
  }

  /**
   * Changes one's own display name or password. A new password ends all access tokens, and all sessions but this one.
   */
  @Patch('v1/me')
  @Authenticated()
  @DuringPasswordChange()
  @NoApiKeys()
  @ApiTags('me')
  @ApiOkResponse({ type: ProfileDto })
  @ApiProblemResponse(403, 'The current password is wrong')
  change(
    @Caller() caller: Principal,
    @Body() changes: ChangeMeDto,
    @Origin() origin: RequestOrigin,
  ): Promise<ProfileDto> {
    return this.accounts.change(caller, changes, origin);
  }

  /** Signs out everywhere: ends all sessions and access tokens, this one's included. API keys stay. */
  @Delete('v1/me/sessions')
  @Authenticated()
  @NoApiKeys()
  @HttpCode(204)
  @ApiTags('me')
  @ApiNoContentResponse({ description: 'All sessions are over' })
  signOutEverywhere(@Caller() caller: Principal, @Origin() origin: RequestOrigin): Promise<void> {
    return this.sessions.signOutEverywhere(caller, origin);
  }
}
