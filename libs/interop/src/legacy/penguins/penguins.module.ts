import { Module } from '@nestjs/common';
import { LegacySharedModule } from '../shared/legacy-shared.module.js';

/** The older service that classifies penguins. */
@Module({ imports: [LegacySharedModule] })
export class PenguinsLegacyModule {}
