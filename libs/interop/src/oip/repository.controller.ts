import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { Authenticated, Caller, ReadsBytes, Roles, type Principal } from '#platform';
import { readJsonObject } from './infer-request.js';
import { ModelRepositoryService, type RepositoryEntry } from './model-repository.service.js';
import { RefusesAsOip } from './oip-error.filter.js';
import { INDEX, INDEX_REQUEST, LOAD_REQUEST, NOTHING_TO_SAY, OIP_TAG } from './oip.openapi.js';

@ApiTags(OIP_TAG)
@Controller('v2/repository')
export class RepositoryController {
  constructor(private readonly repository: ModelRepositoryService) {}

  /** Versions, and whether they are in the memory of the process that answers. */
  @Post('index')
  @HttpCode(200)
  @Authenticated()
  @ReadsBytes()
  @RefusesAsOip()
  @ApiBody(INDEX_REQUEST)
  @ApiOkResponse(INDEX)
  index(@Body() body: Buffer | undefined, @Caller() { role }: Principal): Promise<RepositoryEntry[]> {
    return this.repository.index(readJsonObject(body), role);
  }

  /** Brings the active version into memory, or the one that `parameters.version` names. What is active stays active. */
  @Post('models/:model/load')
  @HttpCode(200)
  @Roles('admin')
  @ReadsBytes()
  @RefusesAsOip()
  @ApiParam({ name: 'model', example: 'cardiac-risk' })
  @ApiBody(LOAD_REQUEST)
  @ApiOkResponse(NOTHING_TO_SAY)
  async load(
    @Param('model') model: string,
    @Body() body: Buffer | undefined,
    @Caller() { role }: Principal,
  ): Promise<object> {
    await this.repository.load(model, readJsonObject(body), role);
    return {};
  }

  /** Frees the memory that the model's versions take in this process. What is active stays active, and is loaded again when it is asked for. */
  @Post('models/:model/unload')
  @HttpCode(200)
  @Roles('admin')
  @ReadsBytes()
  @RefusesAsOip()
  @ApiParam({ name: 'model', example: 'cardiac-risk' })
  @ApiOkResponse(NOTHING_TO_SAY)
  async unload(@Param('model') model: string, @Caller() { role }: Principal): Promise<object> {
    await this.repository.unload(model, role);
    return {};
  }
}
