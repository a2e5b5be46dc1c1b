import type { Readable } from 'node:stream';
import { Controller, Get, Header, Headers, Param, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOkResponse, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Authenticated, Caller, PageQuery, Roles, type Page, type Principal } from '#platform';
import { EvaluationDto } from '../manifest/evaluation.dto.js';
import type { RowSchema } from '../manifest/row-schema.js';
import { ModelsService, type ArtifactDownload } from '../models.service.js';
import { preferredType } from './media-type.js';
import { VersionExamplesDto } from './examples.dto.js';
import { ModelCardDto, ModelVersionDto, ModelVersionPageDto, type ModelVersionSummaryDto } from './model.dto.js';

const JSON_TYPE = 'application/json';
const MARKDOWN_TYPE = 'text/markdown';

@ApiTags('models')
@ApiExtraModels(ModelCardDto)
@Controller('v1/models/:model/versions')
export class VersionsController {
  constructor(private readonly models: ModelsService) {}

  /** A model's versions with metrics, artifact and status, the one registered last first. Users see those that are or were active; who publishes, audits or runs models sees all. */
  @Get()
  @Authenticated()
  @ApiOkResponse({ type: ModelVersionPageDto })
  list(
    @Param('model') model: string,
    @Query() query: PageQuery,
    @Caller() caller: Principal,
  ): Promise<Page<ModelVersionSummaryDto>> {
    return this.models.versions(model, query, caller.role);
  }

  /** One version, with what was compared when it was verified. */
  @Get(':version')
  @Authenticated()
  @ApiOkResponse({ type: ModelVersionDto })
  version(
    @Param('model') model: string,
    @Param('version') version: string,
    @Caller() caller: Principal,
  ): Promise<ModelVersionDto> {
    return this.models.version(model, version, caller.role);
  }

  /** JSON Schema (2020-12) of one input row: what a client sends for one patient, with title, unit and example of each value. */
  @Get(':version/schema')
  @Authenticated()
  @Header('content-type', 'application/schema+json')
  @ApiOkResponse({ content: { 'application/schema+json': { schema: { type: 'object', additionalProperties: true } } } })
  schema(
    @Param('model') model: string,
    @Param('version') version: string,
    @Caller() caller: Principal,
  ): Promise<RowSchema> {
    return this.models.schema(model, version, caller.role);
  }

  /** The model card: JSON, or Markdown for those who prefer `text/markdown`. */
  @Get(':version/card')
  @Authenticated()
  @Header('vary', 'accept')
  @ApiOkResponse({
    content: {
      [JSON_TYPE]: { schema: { $ref: getSchemaPath(ModelCardDto) } },
      [MARKDOWN_TYPE]: { schema: { type: 'string' } },
    },
  })
  async card(
    @Param('model') model: string,
    @Param('version') version: string,
    @Headers('accept') accept: string | undefined,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ModelCardDto | string> {
    return cardAs(
      preferredType(accept, JSON_TYPE, MARKDOWN_TYPE),
      await this.models.card(model, version, caller.role),
      reply,
    );
  }

  /** How well the version does, as numbers to draw: ROC points, calibration bins, confusion matrix, histograms of the inputs. */
  @Get(':version/evaluation')
  @Authenticated()
  @ApiOkResponse({ type: EvaluationDto })
  evaluation(
    @Param('model') model: string,
    @Param('version') version: string,
    @Caller() caller: Principal,
  ): Promise<EvaluationDto> {
    return this.models.evaluation(model, version, caller.role);
  }

  /** Inputs to start from, each as a client sends it, with the class that is answered: those of the version, else one of the examples that its inputs declare. */
  @Get(':version/examples')
  @Authenticated()
  @ApiOkResponse({ type: VersionExamplesDto })
  examples(
    @Param('model') model: string,
    @Param('version') version: string,
    @Caller() caller: Principal,
  ): Promise<VersionExamplesDto> {
    return this.models.examples(model, version, caller.role);
  }

  /** The model file as it was registered; its SHA-256 is the `ETag`, and who names it in `If-None-Match` is answered 304. */
  @Get(':version/artifact')
  @Roles('admin', 'publisher')
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'The `ETag` of a file that is at hand' })
  @ApiOkResponse({ content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } })
  @ApiResponse({ status: 304, description: 'The file at hand is this one.' })
  async artifact(
    @Param('model') model: string,
    @Param('version') version: string,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    return download(await this.models.artifact(model, version, caller.role), reply);
  }
}

function cardAs(type: string, card: ModelCardDto, reply: FastifyReply): ModelCardDto | string {
  if (type === JSON_TYPE) return card;
  void reply.type(`${MARKDOWN_TYPE}; charset=utf-8`);
  return card.text;
}

async function download(artifact: ArtifactDownload, reply: FastifyReply): Promise<StreamableFile | undefined> {
  const etag = `"${artifact.sha256}"`;
  if (isKnown(etag, reply.request.headers['if-none-match'])) {
    void reply.status(304).header('etag', etag);
    return undefined;
  }
  const content = await artifact.open();
  void reply.header('etag', etag);
  return new StreamableFile(content as Readable, {
    type: 'application/octet-stream',
    disposition: `attachment; filename="${artifact.fileName}"`,
    length: artifact.sizeBytes,
  });
}

/** RFC 9110, 13.1.2: a list of tags, weak ones compared as strong ones, or a star. */
function isKnown(etag: string, ifNoneMatch: string | undefined): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
