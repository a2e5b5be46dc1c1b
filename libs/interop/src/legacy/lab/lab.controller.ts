import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  AcceptsCsv,
  AcceptsMultipart,
  AlsoWithSlash,
  Authenticated,
  Caller,
  Costs,
  Direct,
  OrAnonymous,
  Origin,
  ReadsUntypedJson,
  ReadsUpTo,
  Roles,
  type Principal,
  type RequestOrigin,
} from '#platform';
import type { LabModel, LabPrediction } from './lab-answers.js';
import { ActivateLabModelDto } from './lab.dto.js';
import { RefusesAsLab } from './lab.errors.js';
import { ApiLabActivation, ApiLabFile, ApiLabModels, ApiLabPrediction, LAB_TAG } from './lab.openapi.js';
import { LabService } from './lab.service.js';

/** A thousand records of two kilobytes. */
const LARGEST_BODY_BYTES = 2 * 1024 * 1024;

@ApiTags(LAB_TAG)
@Controller('legacy/lab')
export class LabController {
  constructor(private readonly lab: LabService) {}

  /** The versions that may be used, of the models in LEGACY_LAB_MODELS; `active` is the one that predictions are of. */
  @Get('models')
  @AlsoWithSlash()
  @Authenticated()
  @OrAnonymous()
  @RefusesAsLab()
  @ApiLabModels()
  models(@Caller() caller: Principal): Promise<LabModel[]> {
    return this.lab.list(caller);
  }

  /** Makes a version the active one of its model, if its policy lets it, and that model the one that predictions are of. */
  @Post('models/activate')
  @AlsoWithSlash()
  @HttpCode(200)
  @ReadsUntypedJson()
  @Roles('admin')
  @RefusesAsLab()
  @ApiLabActivation()
  activate(
    @Body() body: ActivateLabModelDto,
    @Caller() caller: Principal,
    @Origin() origin: RequestOrigin,
  ): Promise<LabModel> {
    return this.lab.activate(body, caller, origin);
  }

  /** Predicts for one record, or for a list of them, by the active model. The prediction is recorded before it is answered. */
  @Post('predict')
  @AlsoWithSlash()
  @HttpCode(200)
  @Authenticated()
  @OrAnonymous()
  @Costs('request')
  @ReadsUpTo(LARGEST_BODY_BYTES)
  @ReadsUntypedJson()
  @RefusesAsLab()
  @ApiLabPrediction()
  predict(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LabPrediction | LabPrediction[]> {
    return this.lab.predict(request, reply);
  }

  /** Predicts for the rows of a CSV file by the active model, and answers the file with its predictions. */
  @Post('batch-predict')
  @AlsoWithSlash()
  @HttpCode(200)
  @Direct()
  @Authenticated()
  @OrAnonymous()
  @Costs('request')
  @AcceptsMultipart()
  @AcceptsCsv()
  @RefusesAsLab()
  @ApiLabFile()
  predictFile(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    void this.lab.predictFile(request, reply);
  }
}
