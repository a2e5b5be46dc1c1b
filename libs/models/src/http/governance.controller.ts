/** How versions come into service: the policy of a model, its traffic, rolling back. */
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  ApiProblemResponse,
  Authenticated,
  Caller,
  Origin,
  Roles,
  type Page,
  type Principal,
  type RequestOrigin,
} from '#platform';
import { actingAs, Activations } from '../activations.service.js';
import { ActivationGate } from '../gate/activation-gate.js';
import { Policies } from '../gate/policies.service.js';
import { GateDto, PolicyDto } from '../gate/policy.dto.js';
import { SetTrafficDto, TrafficDto, TrafficPageDto, TrafficQuery } from '../traffic/traffic.dto.js';
import { Traffic } from '../traffic/traffic.service.js';
import { ActivationDto, RollBackDto } from './activation.dto.js';

@ApiTags('models')
@Controller('v1/models/:model')
export class GovernanceController {
  constructor(
    private readonly activations: Activations,
    private readonly gate: ActivationGate,
    private readonly policies: Policies,
    private readonly traffic: Traffic,
  ) {}

  /** Puts the version back that answered before the active one came. The policy is not asked: it let that version in once. */
  @Post('rollback')
  @HttpCode(200)
  @Roles('admin')
  @ApiOkResponse({ type: ActivationDto })
  @ApiProblemResponse(409, 'No version answered before, that one is retired, or another was activated at the same time')
  rollBack(
    @Param('model') model: string,
    @Body() body: RollBackDto,
    @Caller() caller: Principal,
    @Origin() origin: RequestOrigin,
  ): Promise<ActivationDto> {
    return this.activations.rollBack(model, body.reason, actingAs(caller, origin));
  }

  /** What a version must satisfy before it is activated or given a share of the traffic. */
  @Get('policy')
  @Roles('publisher', 'auditor')
  @ApiOkResponse({ type: PolicyDto })
  policy(@Param('model') model: string): Promise<PolicyDto> {
    return this.policies.of(model);
  }

  /** Replaces the policy. It holds from the next activation on; what is active stays. */
  @Put('policy')
  @Roles('admin')
  @ApiOkResponse({ type: PolicyDto })
  setPolicy(
    @Param('model') model: string,
    @Body() policy: PolicyDto,
    @Caller() caller: Principal,
    @Origin() origin: RequestOrigin,
  ): Promise<PolicyDto> {
    return this.policies.replace(model, policy, actingAs(caller, origin));
  }

  /** What the policy would say of a version now. Nothing is changed. */
  @Get('versions/:version/gate')
  @Roles('publisher', 'auditor')
  @ApiOkResponse({ type: GateDto })
  look(
    @Param('model') model: string,
    @Param('version') version: string,
    @Caller() caller: Principal,
  ): Promise<GateDto> {
    return this.gate.look(model, version, caller.role);
  }

  /** How the model's traffic is shared now, beside its active version. */
  @Get('traffic')
  @Authenticated()
  @ApiOkResponse({ type: TrafficDto })
  currentTraffic(@Param('model') model: string, @Caller() caller: Principal): Promise<TrafficDto> {
    return this.traffic.of(model, caller.role);
  }

  /**
   * Gives a version a share of the traffic, runs versions in shadow, or ends both. Who asks stays with one version: by the patient's
   * `subject`, or by the user where none or several are named. A canary passes the same policy as an activation.
   */
  @Put('traffic')
  @Roles('admin')
  @ApiOkResponse({ type: TrafficDto })
  @ApiProblemResponse(409, 'The policy objects, a version cannot serve, or the traffic was changed at the same time')
  setTraffic(
    @Param('model') model: string,
    @Body() body: SetTrafficDto,
    @Caller() caller: Principal,
    @Origin() origin: RequestOrigin,
  ): Promise<TrafficDto> {
    return this.traffic.replace(model, body, actingAs(caller, origin));
  }

  /** How the traffic was shared when, newest first; with `at` the one change that was in force at that moment. */
  @Get('traffic/history')
  @Authenticated()
  @ApiOkResponse({ type: TrafficPageDto })
  trafficHistory(
    @Param('model') model: string,
    @Query() query: TrafficQuery,
    @Caller() caller: Principal,
  ): Promise<Page<TrafficDto>> {
    return this.traffic.history(model, query, caller.role);
  }
}
