import { Controller, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  AcceptsMultipart,
  AlsoWithSlash,
  Authenticated,
  Caller,
  Costs,
  OrAnonymous,
  Public,
  type Principal,
} from '#platform';
import { GlmDashboard } from './dashboard.service.js';
import { ApiDashboard, ApiFilePrediction, ApiGreeting, GLM_TAG } from './glm.openapi.js';
import { RefusesAsGlm } from './glm.refusals.js';
import { GlmService, type GlmAnswer } from './glm.service.js';

const GREETING = 'The GLM service works. Send a CSV file as "file" to POST /predict.';

@ApiTags(GLM_TAG)
@Controller('legacy/glm')
export class GlmController {
  constructor(
    private readonly glm: GlmService,
    private readonly dashboard: GlmDashboard,
  ) {}

  /** A line that says that the service works. */
  @Get()
  @AlsoWithSlash()
  @Public()
  @Header('content-type', 'text/html; charset=utf-8')
  @RefusesAsGlm()
  @ApiGreeting()
  greeting(): string {
    return GREETING;
  }

  /** Predicts each row of a CSV file. The predictions are recorded before they are answered. */
  @Post('predict')
  @HttpCode(200)
  @Authenticated()
  @OrAnonymous()
  @Costs('request')
  @AcceptsMultipart()
  @RefusesAsGlm()
  @ApiFilePrediction()
  predict(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<GlmAnswer> {
    return this.glm.predict(request, reply);
  }

  /** A page with the numbers of requests over time. */
  @Get('dashboard')
  @Authenticated()
  @OrAnonymous()
  @RefusesAsGlm()
  @ApiDashboard()
  requestsOverTime(@Caller() caller: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.dashboard.page(caller, reply);
  }
}
