/** How versions come into the registry and leave it. */
import { Controller, Delete, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  AcceptsMultipart,
  ApiProblemResponse,
  Caller,
  Origin,
  Roles,
  type Principal,
  type RequestOrigin,
} from '#platform';
import { actingAs } from '../activations.service.js';
import { Publishing, type Publication } from '../publishing/publishing.service.js';
import { Retirements } from '../retirement.service.js';
import { ModelVersionDto } from './model.dto.js';

export class RemovalQuery {
  /** Keeps the version in the record and takes it out of use, instead of deleting it. */
  @IsOptional() @IsIn(['true', 'false']) retire?: 'true' | 'false';
}

const FILE = { type: 'string', format: 'binary' } as const;
const FORM = {
  type: 'object',
  required: ['artifact'] as string[],
  properties: {
    artifact: { ...FILE, description: 'The model file: .keras, .h5, .onnx, or a .zip of a TensorFlow.js layers model' },
    manifest: { ...FILE, description: 'manifest.yaml, YAML or JSON; left out: inferred from the file and marked so' },
    version: { type: 'string', description: 'Without a manifest: the version', example: '1.0.0' },
    golden: { ...FILE, description: 'golden.json: inputs with the outputs of what trained the model' },
    evaluation: { ...FILE, description: 'evaluation.json' },
    examples: { ...FILE, description: 'examples.json: inputs to start from, each one that the version takes' },
    metrics: { ...FILE, description: 'metrics.json: numbers by name, where the manifest has none' },
    card: { ...FILE, description: 'card.md' },
  },
};

@ApiTags('models')
@Controller('v1/models/:model/versions')
export class PublishingController {
  constructor(
    private readonly publishing: Publishing,
    private readonly retirements: Retirements,
  ) {}

  /**
   * Publishes a version: it is read, verified on every engine and stored, with its artifact, or not at all. A version whose scores are
   * wrong is stored as `rejected`, with the reason. The same version in the same bytes is 200, in others 409. Nothing is activated.
   */
  @Post()
  @Roles('publisher')
  @AcceptsMultipart()
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: FORM })
  @ApiCreatedResponse({ type: ModelVersionDto })
  @ApiOkResponse({ type: ModelVersionDto, description: 'It was published before, in the same bytes' })
  @ApiProblemResponse(409, 'The version is there with other content')
  @ApiProblemResponse(413, 'The artifact is larger than MODEL_MAX_MB, or another part than it may be')
  @ApiProblemResponse(
    422,
    'A document is at fault, or the manifest does not fit the artifact; `errors` names the places',
  )
  async publish(
    @Param('model') model: string,
    @Req() request: FastifyRequest,
    @Caller() caller: Principal,
    @Origin() origin: RequestOrigin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ModelVersionDto> {
    return published(await this.publishing.publish(model, request, caller, origin), reply);
  }

  /** Deletes a version that was never in service and never predicted; with `retire=true` takes any out of use that is not in service. */
  @Delete(':version')
  @HttpCode(204)
  @Roles('admin')
  @ApiNoContentResponse()
  @ApiProblemResponse(409, 'The version is in service, or part of the record')
  async remove(
    @Param('model') model: string,
    @Param('version') version: string,
    @Query() { retire }: RemovalQuery,
    @Caller() caller: Principal,
    @Origin() origin: RequestOrigin,
  ): Promise<void> {
    const person = actingAs(caller, origin);
    if (retire === 'true') await this.retirements.retire(model, version, 'requested', person);
    else await this.retirements.remove(model, version, person);
  }
}

function published({ created, version }: Publication, reply: FastifyReply): ModelVersionDto {
  void reply.status(created ? 201 : 200).header('location', `/v1/models/${version.model}/versions/${version.version}`);
  return version;
}
