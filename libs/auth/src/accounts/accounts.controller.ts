import { Body, Controller, Delete, HttpCode, Patch, Post, Res } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiTags,
  ApiTooManyRequestsResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  Authenticated,
  Caller,
  DuringPasswordChange,
  NoApiKeys,
  Origin,
  ProblemDto,
  Public,
  type Principal,
  type RequestOrigin,
} from '#platform';
import { UserDto } from '#users';
import { createdAt } from '../created-at.js';
import { SessionsService } from '../tokens/sessions.service.js';
import { ChangeMeDto, ProfileDto, RegistrationDto } from './account.dto.js';
import { Accounts } from './accounts.service.js';

@Controller()
export class AccountsController {
  constructor(
    private readonly accounts: Accounts,
    private readonly sessions: SessionsService,
  ) {}

  /** Registers an account: role `user`, plan `FREEMIUM`. Sign in with the e-mail address or the user name. */
  @Post('v1/users')
  @Public()
  @ApiTags('users')
  @ApiCreatedResponse({ type: UserDto })
  @ApiForbiddenResponse({ type: ProblemDto, description: 'Registration is closed, or by invitation' })
  @ApiConflictResponse({ type: ProblemDto, description: 'The e-mail address or user name is taken' })
  @ApiTooManyRequestsResponse({ type: ProblemDto, description: 'Too many registrations from this address' })
  register(
    @Body() wanted: RegistrationDto,
    @Origin() origin: RequestOrigin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserDto> {
    return createdAt('/v1/users', reply, this.accounts.register(wanted, origin));
  }

  /**
   * Changes one's own display name or password. A new password ends all access tokens, and all sessions but this one.
   */
  @Patch('v1/me')
  @Authenticated()
  @DuringPasswordChange()
  @NoApiKeys()
  @ApiTags('me')
  @ApiForbiddenResponse({ type: ProblemDto, description: 'The current password is wrong' })
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
