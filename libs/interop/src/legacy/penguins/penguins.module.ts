import { Module } from '@nestjs/common';
import { LegacySharedModule } from '../shared/legacy-shared.module.js';
import { PenguinsController } from './penguins.controller.js';
import { PenguinsService } from './penguins.service.js';

/** The older service that classifies penguins. */
@Module({ imports: [LegacySharedModule], controllers: [PenguinsController], providers: [PenguinsService] })
export class PenguinsLegacyModule {}
