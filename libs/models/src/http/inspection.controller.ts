import { Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AcceptsFile, AcceptsMultipart, ApiProblemResponse, Roles } from '#platform';
import { Inspections } from '../inspection/inspections.service.js';
import { InspectionDto, InspectQuery } from './inspection.dto.js';

const FORM = {
  type: 'object',
  required: ['artifact'] as string[],
  properties: {
    artifact: {
      type: 'string',
      format: 'binary',
      description: 'The model file: .keras, .h5, .onnx, or a .zip of a TensorFlow.js layers model',
    },
  },
};

@ApiTags('models')
@Controller('v1/models/inspect')
export class InspectionController {
  constructor(private readonly inspections: Inspections) {}

  /**
   * Tells what a model file is, and drafts a manifest as far as the file goes. The file is the part `artifact` of a form, or the whole
   * body (application/octet-stream). It is loaded and run on a few random rows; nothing is stored.
   */
  @Post()
  @HttpCode(200)
  @Roles('publisher')
  @AcceptsMultipart()
  @AcceptsFile()
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: FORM })
  @ApiOkResponse({ type: InspectionDto })
  @ApiProblemResponse(413, 'The file is larger than MODEL_MAX_MB')
  @ApiProblemResponse(422, 'The file is no model that can be read; `detail` says what to change in it')
  inspect(@Req() request: FastifyRequest, @Query() query: InspectQuery): Promise<InspectionDto> {
    return this.inspections.inspect(request, query);
  }
}
