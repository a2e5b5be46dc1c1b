import { Module } from '@nestjs/common';
import { LegacySharedModule } from '../shared/legacy-shared.module.js';
import { unknownRoutes } from '../shared/unknown-routes.js';
import { PenguinsController } from './penguins.controller.js';
import { RefusesAsPenguins } from './penguins.refusals.js';
import { PenguinsService } from './penguins.service.js';

/** The older service that classifies penguins. */
@Module({
  imports: [LegacySharedModule],
  controllers: [PenguinsController, unknownRoutes(PenguinsController, RefusesAsPenguins)],
  providers: [PenguinsService],
})
export class PenguinsLegacyModule {}
