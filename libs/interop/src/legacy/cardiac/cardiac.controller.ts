import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  Authenticated,
  Caller,
  Costs,
  Origin,
  Public,
  ReadsBodyOfGet,
  ReadsBytes,
  ReadsUpTo,
  type Principal,
  type RequestOrigin,
} from '#platform';
import { CardiacAccounts, type Account } from './cardiac-accounts.service.js';
import { CardiacPredictions, type NumberedPatient, type ServiceAnswer } from './cardiac-predictions.service.js';
import { REFRESH_ROUTE, RefusesAsCardiac } from './cardiac-refusals.js';
import {
  EXHAUSTED,
  LARGEST_BODY_BYTES,
  ListRoute,
  NumberRoute,
  PredictionRoute,
  SwitchRoute,
  TOO_MANY_ATTEMPTS,
} from './cardiac-routes.js';
import {
  ACCESS_TOKEN,
  AcceptsCredentials,
  AcceptsRegistration,
  AcceptsServicePatient,
  CARDIAC_TAG,
  REGISTERED,
  Refuses,
  RefusesTokens,
  SERVICE_ANSWER,
  TOKENS,
} from './cardiac.openapi.js';

const UNREADABLE = 'A body that is no JSON';
const INVALID = '`errors.json` names each value at fault';

@ApiTags(CARDIAC_TAG)
@Controller('legacy/cardiac')
export class CardiacController {
  constructor(
    private readonly accounts: CardiacAccounts,
    private readonly predictions: CardiacPredictions,
  ) {}

  /** An account, on the plan FREEMIUM. */
  @Post('register')
  @Public()
  @ReadsUpTo(LARGEST_BODY_BYTES)
  @RefusesAsCardiac()
  @ApiCreatedResponse(REGISTERED)
  @Refuses({
    400: 'A name that is taken, or a password that is too weak',
    403: 'Registration is closed',
    429: TOO_MANY_ATTEMPTS,
  })
  @AcceptsRegistration()
  register(@Body() body: unknown, @Origin() origin: RequestOrigin): Promise<Account> {
    return this.accounts.register(body, origin);
  }

  /** A fresh access token, and a refresh token that may be used again and again. */
  @Post('login')
  @Public()
  @HttpCode(200)
  @ReadsUpTo(LARGEST_BODY_BYTES)
  @RefusesAsCardiac()
  @AcceptsCredentials()
  @ApiOkResponse(TOKENS)
  @Refuses({ 401: 'The name or the password is not right', 429: TOO_MANY_ATTEMPTS })
  login(
    @Body() body: unknown,
    @Origin() origin: RequestOrigin,
  ): Promise<{ access_token: string; refresh_token: string }> {
    return this.accounts.signIn(body, origin);
  }

  /** Another access token, which is not fresh, for the refresh token as bearer. */
  @Post(REFRESH_ROUTE)
  @Public()
  @HttpCode(200)
  @ReadsUpTo(LARGEST_BODY_BYTES)
  // Clients say that they send JSON here too, and send nothing.
  @ReadsBytes()
  @RefusesAsCardiac()
  @ApiOkResponse(ACCESS_TOKEN)
  @RefusesTokens()
  @Refuses({ 429: TOO_MANY_ATTEMPTS })
  refresh(@Req() request: FastifyRequest, @Origin() origin: RequestOrigin): Promise<{ access_token: string }> {
    return this.accounts.refresh(request, origin);
  }

  /** The user's own plan becomes PREMIUM, where the server lets users choose. */
  @SwitchRoute('SwitchToPremium')
  switchToPremium(@Body() body: unknown, @Origin() origin: RequestOrigin): Promise<{ message: string }> {
    return this.accounts.switchTo('PREMIUM', body, origin);
  }

  /** The user's own plan becomes FREEMIUM, where the server lets users choose. */
  @SwitchRoute('SwitchToFreemium')
  switchToFreemium(@Body() body: unknown, @Origin() origin: RequestOrigin): Promise<{ message: string }> {
    return this.accounts.switchTo('FREEMIUM', body, origin);
  }

  /** Predicts for a user on the plan FREEMIUM; recorded before it is answered. */
  @PredictionRoute('freemium')
  predictFreemium(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NumberedPatient> {
    return this.predictions.predict('freemium', body, request, reply);
  }

  /** Predicts for a user on any other plan; recorded before it is answered. */
  @PredictionRoute('premium')
  predictPremium(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NumberedPatient> {
    return this.predictions.predict('premium', body, request, reply);
  }

  /** One's own predictions, by number; the newest 1,000. */
  @ListRoute('freemium')
  listFreemium(@Caller() caller: Principal): Promise<NumberedPatient[]> {
    return this.predictions.list('freemium', caller);
  }

  /** One's own predictions, by number; the newest 1,000. */
  @ListRoute('premium')
  listPremium(@Caller() caller: Principal): Promise<NumberedPatient[]> {
    return this.predictions.list('premium', caller);
  }

  /** One of one's own predictions, by its number. */
  @NumberRoute('freemium')
  findFreemium(@Param('id') id: string, @Caller() caller: Principal): Promise<NumberedPatient> {
    return this.predictions.find('freemium', id, caller);
  }

  /** One of one's own predictions, by its number. */
  @NumberRoute('premium')
  findPremium(@Param('id') id: string, @Caller() caller: Principal): Promise<NumberedPatient> {
    return this.predictions.find('premium', id, caller);
  }

  /** Predicts from the body of a GET, with an API key in `Authorization`. */
  @Get('service')
  @Authenticated()
  @Costs('request')
  @ReadsUpTo(LARGEST_BODY_BYTES)
  @ReadsBodyOfGet()
  @RefusesAsCardiac()
  @ApiOkResponse(SERVICE_ANSWER)
  @RefusesTokens()
  @Refuses({ 400: UNREADABLE, 422: INVALID, 429: EXHAUSTED })
  serveGet(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ServiceAnswer> {
    return this.predictions.serve(body, request, reply);
  }

  /** Predicts, with an API key in `Authorization`. */
  @Post('service')
  @Authenticated()
  @Costs('request')
  @HttpCode(200)
  @ReadsUpTo(LARGEST_BODY_BYTES)
  @RefusesAsCardiac()
  @AcceptsServicePatient()
  @ApiOkResponse(SERVICE_ANSWER)
  @RefusesTokens()
  @Refuses({ 429: EXHAUSTED })
  servePost(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ServiceAnswer> {
    return this.predictions.serve(body, request, reply);
  }
}
