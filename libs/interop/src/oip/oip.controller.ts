import { Controller, Get, Param, Post } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import {
  Authenticated,
  Caller,
  DomainError,
  latidoVersion,
  platformErrors,
  Public,
  Readiness,
  type Principal,
} from '#platform';
import { ModelMetadata, type ModelMetadataView } from './model-metadata.js';
import { ModelStatistics, type ModelStatisticsView } from './model-statistics.js';
import { RefusesAsOip } from './oip-error.filter.js';
import { oipErrors } from './oip.errors.js';
import { LIVE, MODEL_METADATA, MODEL_READY, OIP_TAG, READY, SERVER_METADATA, STATISTICS } from './oip.openapi.js';

/** Extensions by the names that Triton gives them. */
const EXTENSIONS = ['binary_tensor_data', 'model_repository', 'parameters', 'statistics'] as const;

interface StatisticsView {
  readonly model_stats: readonly ModelStatisticsView[];
}

@ApiTags(OIP_TAG)
@Controller('v2')
export class OipController {
  constructor(
    private readonly readiness: Readiness,
    private readonly metadata: ModelMetadata,
    private readonly statistics: ModelStatistics,
  ) {}

  /** The server's name and version, and which extensions it has. */
  @Get()
  @Authenticated()
  @RefusesAsOip()
  @ApiOkResponse(SERVER_METADATA)
  server(): object {
    return { name: 'latido', version: latidoVersion(), extensions: EXTENSIONS };
  }

  /** The process answers. */
  @Get('health/live')
  @Public()
  @RefusesAsOip()
  @ApiOkResponse(LIVE)
  live(): { readonly live: true } {
    return { live: true };
  }

  /** The database answers and every active model is loaded. */
  @Get('health/ready')
  @Public()
  @RefusesAsOip()
  @ApiOkResponse(READY)
  async ready(): Promise<{ readonly live: true; readonly ready: true }> {
    const { status, checks } = await this.readiness.report();
    if (status === 'ready') return { live: true, ready: true };
    const failing = Object.keys(checks).filter((name) => checks[name] === 'failing');
    throw new DomainError(oipErrors.NOT_READY, `Not ready: ${failing.join(', ')}.`, {
      headers: { 'retry-after': '2' },
    });
  }

  /** What the versions of all models have computed in this process since it started. */
  @Get('models/stats')
  @Authenticated()
  @RefusesAsOip()
  @ApiOkResponse(STATISTICS)
  allStatistics(@Caller() caller: Principal): Promise<StatisticsView> {
    return this.statisticsOf(caller);
  }

  /** The active version's tensors, and the versions that may be named. */
  @Get('models/:model')
  @Authenticated()
  @RefusesAsOip()
  @ApiParam({ name: 'model', example: 'cardiac-risk' })
  @ApiOkResponse(MODEL_METADATA)
  model(@Param('model') model: string, @Caller() { role }: Principal): Promise<ModelMetadataView> {
    return this.metadata.of(model, undefined, role);
  }

  /** A version's tensors, and the versions that may be named. */
  @Get('models/:model/versions/:version')
  @Authenticated()
  @RefusesAsOip()
  @ApiParam({ name: 'version', example: '1.0.0' })
  @ApiParam({ name: 'model', example: 'cardiac-risk' })
  @ApiOkResponse(MODEL_METADATA)
  version(
    @Param('model') model: string,
    @Param('version') version: string,
    @Caller() { role }: Principal,
  ): Promise<ModelMetadataView> {
    return this.metadata.of(model, version, role);
  }

  /** The active version is in memory. */
  @Get('models/:model/ready')
  @Authenticated()
  @RefusesAsOip()
  @ApiParam({ name: 'model', example: 'cardiac-risk' })
  @ApiOkResponse(MODEL_READY)
  modelReady(@Param('model') model: string, @Caller() caller: Principal): Promise<object> {
    return this.readyOf(model, undefined, caller);
  }

  /** The version is in memory. */
  @Get('models/:model/versions/:version/ready')
  @Authenticated()
  @RefusesAsOip()
  @ApiParam({ name: 'version', example: '1.0.0' })
  @ApiParam({ name: 'model', example: 'cardiac-risk' })
  @ApiOkResponse(MODEL_READY)
  versionReady(
    @Param('model') model: string,
    @Param('version') version: string,
    @Caller() caller: Principal,
  ): Promise<object> {
    return this.readyOf(model, version, caller);
  }

  /** What a model's versions have computed in this process since it started. */
  @Get('models/:model/stats')
  @Authenticated()
  @RefusesAsOip()
  @ApiParam({ name: 'model', example: 'cardiac-risk' })
  @ApiOkResponse(STATISTICS)
  modelStatistics(@Param('model') model: string, @Caller() caller: Principal): Promise<StatisticsView> {
    return this.statisticsOf(caller, model);
  }

  /** What a version has computed in this process since it started. */
  @Get('models/:model/versions/:version/stats')
  @Authenticated()
  @RefusesAsOip()
  @ApiParam({ name: 'version', example: '1.0.0' })
  @ApiParam({ name: 'model', example: 'cardiac-risk' })
  @ApiOkResponse(STATISTICS)
  versionStatistics(
    @Param('model') model: string,
    @Param('version') version: string,
    @Caller() caller: Principal,
  ): Promise<StatisticsView> {
    return this.statisticsOf(caller, model, version);
  }

  /** Clients of servers with more extensions are told in the protocol's own shape. */
  @Get('*')
  @Authenticated()
  @RefusesAsOip()
  @ApiExcludeEndpoint()
  unknown(): never {
    throw new DomainError(
      platformErrors.NOT_FOUND,
      'There is no such route, or it belongs to an extension that is not offered.',
    );
  }

  @Post('*')
  @Authenticated()
  @RefusesAsOip()
  @ApiExcludeEndpoint()
  unknownPost(): never {
    return this.unknown();
  }

  private async readyOf(model: string, version: string | undefined, { role }: Principal): Promise<object> {
    await this.metadata.requireReady(model, version, role);
    return { name: model, ready: true };
  }

  private async statisticsOf({ role }: Principal, model?: string, version?: string): Promise<StatisticsView> {
    return { model_stats: await this.statistics.of(model, version, role) };
  }
}
