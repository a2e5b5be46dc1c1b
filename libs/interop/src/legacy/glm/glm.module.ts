import { Module } from '@nestjs/common';
import { LegacySharedModule } from '../shared/legacy-shared.module.js';

/** The older service that predicts by a generalised linear model. */
@Module({ imports: [LegacySharedModule] })
export class GlmLegacyModule {}
