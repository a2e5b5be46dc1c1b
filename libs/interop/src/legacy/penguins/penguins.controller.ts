import { All, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticated, Caller, Costs, OrAnonymous, Public, ReadsBytes, ReadsUpTo, type Principal } from '#platform';
import { refuseUnknown } from '../shared/unknown-routes.js';
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
  @Authenticated()
  @OrAnonymous()
  @RefusesAsPenguins()
  @ApiModels()
  models(@Caller() caller: Principal): Promise<AvailableModels> {
    return this.penguins.models(caller);
  }

  /** Tells a penguin's species. The prediction is recorded before it is answered. */
  @Post('classify/:model')
  @HttpCode(200)
  @Authenticated()
  @OrAnonymous()
  @Costs('request')
  @ReadsUpTo(LARGEST_BODY_BYTES)
  @RefusesAsPenguins()
  @ApiClassify()
  classify(@Req() request: ClassifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Classification> {
    return this.penguins.classify(request, reply);
  }

  /** Anything else, in the service's own shape. */
  @All(['', '*'])
  @Public()
  @ReadsBytes()
  @RefusesAsPenguins()
  @ApiExcludeEndpoint()
  unknown(@Req() request: FastifyRequest<{ Params: { '*'?: string } }>): never {
    return refuseUnknown(request, [
      [/^models$/, 'GET'],
      [/^classify\/[^/]+$/, 'POST'],
    ]);
  }
}
