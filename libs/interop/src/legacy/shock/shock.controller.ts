import { Body, Controller, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  AcceptsForm,
  AlsoWithSlash,
  Authenticated,
  Caller,
  Costs,
  Origin,
  Public,
  ReadsPythonJson,
  ReadsUntypedJson,
  ReadsUpTo,
  type Principal,
  type RequestOrigin,
} from '#platform';
import type { ShockAnswer } from './shock-answer.js';
import {
  CREATED,
  CREDENTIALS,
  HEALTH,
  JSON_OR_FORM,
  PREDICTION,
  PREDICTION_REQUEST,
  SHOCK_TAG,
  TOKEN,
  USER,
} from './shock.openapi.js';
import { RefusesAsShock } from './shock-refusal.js';
import { ShockService, type ShockHealth, type ShockToken, type ShockUser } from './shock.service.js';

/** 2,000 rows of 14 signals are 366 KB. */
const LARGEST_BODY_BYTES = 2 * 1024 * 1024;

@ApiTags(SHOCK_TAG)
@Controller('legacy/shock')
export class ShockController {
  constructor(private readonly shock: ShockService) {}

  /** Registers an account, which is one of /v1. The answer is `null`. */
  @Post('auth/create_user')
  @AlsoWithSlash()
  @ReadsUntypedJson()
  @Public()
  @RefusesAsShock()
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiBody(CREDENTIALS)
  @ApiCreatedResponse(CREATED)
  createUser(@Body() body: unknown, @Origin() origin: RequestOrigin): Promise<string> {
    return this.shock.createUser(body, origin);
  }

  /** Signs in, by OAuth 2's form or by JSON. The token holds 20 minutes. */
  @Post('auth/token')
  @AlsoWithSlash()
  @HttpCode(200)
  @ReadsUntypedJson()
  @Public()
  @AcceptsForm()
  @RefusesAsShock()
  @Header('cache-control', 'no-store')
  @ApiConsumes(...JSON_OR_FORM)
  @ApiBody(CREDENTIALS)
  @ApiOkResponse(TOKEN)
  token(@Body() body: unknown, @Origin() origin: RequestOrigin): Promise<ShockToken> {
    return this.shock.token(body, origin);
  }

  /** Signs in, by JSON. */
  @Post('auth')
  @AlsoWithSlash()
  @HttpCode(200)
  @ReadsUntypedJson()
  @Public()
  @RefusesAsShock()
  @Header('cache-control', 'no-store')
  @ApiBody(CREDENTIALS)
  @ApiOkResponse(TOKEN)
  auth(@Body() body: unknown, @Origin() origin: RequestOrigin): Promise<ShockToken> {
    return this.shock.token(body, origin);
  }

  /** Who calls. */
  @Get()
  @AlsoWithSlash()
  @Authenticated()
  @RefusesAsShock()
  @ApiOkResponse(USER)
  user(@Caller() caller: Principal): Promise<ShockUser> {
    return this.shock.user(caller);
  }

  /** Whether it works, and the model's active version. */
  @Get('home')
  @AlsoWithSlash()
  @Public()
  @RefusesAsShock()
  @ApiOkResponse(HEALTH)
  home(): Promise<ShockHealth> {
    return this.shock.health();
  }

  /** The same as of `home`. */
  @Get('status')
  @AlsoWithSlash()
  @Public()
  @RefusesAsShock()
  @ApiOkResponse(HEALTH)
  status(): Promise<ShockHealth> {
    return this.shock.health();
  }

  /** The haemodynamic state of one patient or several, from the last 20 samples of nine signals. It is recorded before it is answered. */
  @Post('predict')
  @AlsoWithSlash()
  @HttpCode(200)
  @ReadsUntypedJson()
  @ReadsPythonJson()
  @Authenticated()
  @Costs('request')
  @ReadsUpTo(LARGEST_BODY_BYTES)
  @RefusesAsShock()
  @ApiBody(PREDICTION_REQUEST)
  @ApiOkResponse(PREDICTION)
  predict(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShockAnswer | ShockAnswer[]> {
    return this.shock.predict(request, reply);
  }
}
