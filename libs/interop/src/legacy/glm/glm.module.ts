import { Module } from '@nestjs/common';
import { AuditModule } from '#audit';
import { LegacySharedModule } from '../shared/legacy-shared.module.js';
import { unknownRoutes } from '../shared/unknown-routes.js';
import { GlmDashboard } from './dashboard.service.js';
import { GlmController } from './glm.controller.js';
import { RefusesAsGlm } from './glm.refusals.js';
import { GlmService } from './glm.service.js';

/** The older service that predicts by a generalised linear model. */
@Module({
  imports: [LegacySharedModule, AuditModule],
  controllers: [GlmController, unknownRoutes(GlmController, RefusesAsGlm)],
  providers: [GlmDashboard, GlmService],
})
export class GlmLegacyModule {}
