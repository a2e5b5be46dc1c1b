import { Module } from '@nestjs/common';
import { LegacySharedModule } from '../shared/legacy-shared.module.js';
import { ShockController } from './shock.controller.js';
import { ShockLog } from './shock-log.js';
import { ShockService } from './shock.service.js';
import { UnknownShockController } from './unknown.controller.js';

/** The older service for haemodynamic shock. */
@Module({
  imports: [LegacySharedModule],
  controllers: [ShockController, UnknownShockController],
  providers: [ShockService, ShockLog],
})
export class ShockLegacyModule {}
