import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  ApiProblemResponse,
  Authenticated,
  Caller,
  Origin,
  PageQuery,
  Roles,
  type Page,
  type Principal,
  type RequestOrigin,
} from '#platform';
import { actingAs, Activations } from '../activations.service.js';
import { ModelsService } from '../models.service.js';
import { ActivateDto, ActivationDto, ActivationPageDto, ActivationQuery } from './activation.dto.js';
import { CompareQuery, ModelDto, ModelPageDto, VersionComparisonDto } from './model.dto.js';

@ApiTags('models')
@Controller('v1/models')
export class ModelsController {
  constructor(
    private readonly models: ModelsService,
    private readonly activations: Activations,
  ) {}

  /** What is served: each model with its task, active version, inputs, outputs and metrics. */
  @Get()
  @Authenticated()
  @ApiOkResponse({ type: ModelPageDto })
  list(@Query() query: PageQuery, @Caller() caller: Principal): Promise<Page<ModelDto>> {
    return this.models.list(query, caller.role);
  }

  /** One model. */
  @Get(':model')
  @Authenticated()
  @ApiOkResponse({ type: ModelDto })
  model(@Param('model') model: string, @Caller() caller: Principal): Promise<ModelDto> {
    return this.models.model(model, caller.role);
  }

  /** Two versions side by side. */
  @Get(':model/compare')
  @Authenticated()
  @ApiOkResponse({ type: VersionComparisonDto })
  compare(
    @Param('model') model: string,
    @Query() query: CompareQuery,
    @Caller() caller: Principal,
  ): Promise<VersionComparisonDto> {
    return this.models.compare(model, query, caller.role);
  }

  /** Activates a version: it answers from the next request on, everywhere within a second. Requests under way finish on the version they started with. */
  @Put(':model/active')
  @Roles('admin')
  @ApiOkResponse({ type: ActivationDto })
  @ApiProblemResponse(
    409,
    'The version is active already, cannot be activated, the policy objects, or another was activated at the same time',
  )
  activate(
    @Param('model') model: string,
    @Body() body: ActivateDto,
    @Caller() caller: Principal,
    @Origin() origin: RequestOrigin,
  ): Promise<ActivationDto> {
    return this.activations.activate(model, body.version, body, actingAs(caller, origin));
  }

  /** What was activated when, by whom and why, newest first; with `at` the one activation that was in force at that moment. */
  @Get(':model/activations')
  @Authenticated()
  @ApiOkResponse({ type: ActivationPageDto })
  history(
    @Param('model') model: string,
    @Query() query: ActivationQuery,
    @Caller() caller: Principal,
  ): Promise<Page<ActivationDto>> {
    return this.activations.list(model, query, caller.role);
  }
}
