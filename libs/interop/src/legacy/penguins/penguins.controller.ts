import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  AlsoWithSlash,
  Authenticated,
  Caller,
  Costs,
  OrAnonymous,
  ReadsUntypedJson,
  ReadsUpTo,
  type Principal,
} from '#platform';
import { ApiClassify, ApiModels, PENGUINS_TAG } from './penguins.openapi.js';
import { RefusesAsPenguins } from './penguins.refusals.js';
import {
  PenguinsService,
  type AvailableModels,
  type Classification,
  type ClassifyRequest,
} from './penguins.service.js';

/** Seven numbers. */
const LARGEST_BODY_BYTES = 16 * 1024;

@ApiTags(PENGUINS_TAG)
@Controller('legacy/penguins')
export class PenguinsController {
  constructor(private readonly penguins: PenguinsService) {}

  /** The models that classify penguins now, with their figures. */
  @Get('models')
  @AlsoWithSlash()
  @Authenticated()
  @OrAnonymous()
  @RefusesAsPenguins()
  @ApiModels()
  models(@Caller() caller: Principal): Promise<AvailableModels> {
    return this.penguins.models(caller);
  }

  /** Tells a penguin's species. The prediction is recorded before it is answered. */
  @Post('classify/:model')
  @AlsoWithSlash()
  @HttpCode(200)
  @Authenticated()
  @OrAnonymous()
  @Costs('request')
  @ReadsUpTo(LARGEST_BODY_BYTES)
  @ReadsUntypedJson()
  @RefusesAsPenguins()
  @ApiClassify()
  classify(@Req() request: ClassifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Classification> {
    return this.penguins.classify(request, reply);
  }
}
