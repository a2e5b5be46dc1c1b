import { Module } from '@nestjs/common';
import { LegacySharedModule } from '../shared/legacy-shared.module.js';
import { unknownRoutes } from '../shared/unknown-routes.js';
import { ShockController } from './shock.controller.js';
import { ShockLog } from './shock-log.js';
import { RefusesAsShock } from './shock-refusal.js';
import { ShockService } from './shock.service.js';

/** The older service for haemodynamic shock. */
@Module({
  imports: [LegacySharedModule],
  controllers: [ShockController, unknownRoutes(ShockController, RefusesAsShock)],
  providers: [ShockService, ShockLog],
})
export class ShockLegacyModule {}
