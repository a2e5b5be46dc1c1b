import { All, Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiExcludeEndpoint, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  Authenticated,
  Caller,
  Costs,
  FreshTokens,
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
  ACCESS_TOKEN,
  AcceptsCredentials,
  AcceptsPatient,
  AcceptsRegistration,
  AcceptsServicePatient,
  CARDIAC_TAG,
  MESSAGE,
  PATIENT,
  PATIENTS,
  REGISTERED,
  Refuses,
  RefusesTokens,
  SERVICE_ANSWER,
  TOKENS,
} from './cardiac.openapi.js';
import { answerUnknownRoute } from './unknown-route.js';

/** One patient, or one account. */
const LARGEST_BODY_BYTES = 16 * 1024;
const UNREADABLE = 'A body that is no JSON';
const INVALID = '`errors.json` names each value at fault';
const EXHAUSTED = 'The plan admits no more for now: see `Retry-After`';
const TOO_MANY_READS = 'Too many reads for now: see `Retry-After`';
const TOO_MANY_ATTEMPTS = 'Too many attempts: see `Retry-After`';
const OTHER_PLAN = "The other plan's route";

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
  @Post('SwitchToPremium')
  @Public()
  @HttpCode(200)
  @ReadsUpTo(LARGEST_BODY_BYTES)
  @RefusesAsCardiac()
  @AcceptsCredentials()
  @ApiOkResponse(MESSAGE)
  @Refuses({
    401: 'The name or the password is not right',
    403: 'Plans are given by administrators',
    429: TOO_MANY_ATTEMPTS,
  })
  switchToPremium(@Body() body: unknown, @Origin() origin: RequestOrigin): Promise<{ message: string }> {
    return this.accounts.switchTo('PREMIUM', body, origin);
  }

  /** The user's own plan becomes FREEMIUM, where the server lets users choose. */
  @Post('SwitchToFreemium')
  @Public()
  @HttpCode(200)
  @ReadsUpTo(LARGEST_BODY_BYTES)
  @RefusesAsCardiac()
  @AcceptsCredentials()
  @ApiOkResponse(MESSAGE)
  @Refuses({
    401: 'The name or the password is not right',
    403: 'Plans are given by administrators',
    429: TOO_MANY_ATTEMPTS,
  })
  switchToFreemium(@Body() body: unknown, @Origin() origin: RequestOrigin): Promise<{ message: string }> {
    return this.accounts.switchTo('FREEMIUM', body, origin);
  }

  /** Predicts for a user on the plan FREEMIUM; recorded before it is answered. */
  @Post('freemium/predict')
  @Authenticated()
  @FreshTokens()
  @Costs('request')
  @HttpCode(200)
  @ReadsUpTo(LARGEST_BODY_BYTES)
  @RefusesAsCardiac()
  @AcceptsPatient()
  @ApiOkResponse(PATIENT)
  @RefusesTokens()
  @Refuses({ 403: OTHER_PLAN, 429: EXHAUSTED })
  predictFreemium(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NumberedPatient> {
    return this.predictions.predict('freemium', body, request, reply);
  }

  /** Predicts for a user on any other plan; recorded before it is answered. */
  @Post('premium/predict')
  @Authenticated()
  @FreshTokens()
  @Costs('request')
  @HttpCode(200)
  @ReadsUpTo(LARGEST_BODY_BYTES)
  @RefusesAsCardiac()
  @AcceptsPatient()
  @ApiOkResponse(PATIENT)
  @RefusesTokens()
  @Refuses({ 403: OTHER_PLAN, 429: EXHAUSTED })
  predictPremium(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NumberedPatient> {
    return this.predictions.predict('premium', body, request, reply);
  }

  /** One's own predictions, by number; the newest 1,000. */
  @Get('freemium/predict')
  @Authenticated()
  @FreshTokens()
  @RefusesAsCardiac()
  @ApiOkResponse(PATIENTS)
  @RefusesTokens()
  @Refuses({ 403: OTHER_PLAN, 429: TOO_MANY_READS })
  listFreemium(@Caller() caller: Principal): Promise<NumberedPatient[]> {
    return this.predictions.list('freemium', caller);
  }

  /** One's own predictions, by number; the newest 1,000. */
  @Get('premium/predict')
  @Authenticated()
  @FreshTokens()
  @RefusesAsCardiac()
  @ApiOkResponse(PATIENTS)
  @RefusesTokens()
  @Refuses({ 403: OTHER_PLAN, 429: TOO_MANY_READS })
  listPremium(@Caller() caller: Principal): Promise<NumberedPatient[]> {
    return this.predictions.list('premium', caller);
  }

  /** One of one's own predictions, by its number. */
  @Get('freemium/predictById/:id')
  @Authenticated()
  @FreshTokens()
  @RefusesAsCardiac()
  @ApiParam({ name: 'id', example: '1' })
  @ApiOkResponse(PATIENT)
  @RefusesTokens()
  @Refuses({ 403: OTHER_PLAN, 404: 'There is none of this number, or it was erased', 429: TOO_MANY_READS })
  findFreemium(@Param('id') id: string, @Caller() caller: Principal): Promise<NumberedPatient> {
    return this.predictions.find('freemium', id, caller);
  }

  /** One of one's own predictions, by its number. */
  @Get('premium/predictById/:id')
  @Authenticated()
  @FreshTokens()
  @RefusesAsCardiac()
  @ApiParam({ name: 'id', example: '1' })
  @ApiOkResponse(PATIENT)
  @RefusesTokens()
  @Refuses({ 403: OTHER_PLAN, 404: 'There is none of this number, or it was erased', 429: TOO_MANY_READS })
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

  /** Wrong paths and methods are told in the service's own shape. */
  @All(['', '*'])
  @Public()
  @RefusesAsCardiac()
  @ApiExcludeEndpoint()
  unknown(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): string {
    return answerUnknownRoute(request, reply);
  }
}
