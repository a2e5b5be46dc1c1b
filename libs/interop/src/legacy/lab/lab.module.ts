import { Module } from '@nestjs/common';
import { LegacySharedModule } from '../shared/legacy-shared.module.js';

/** The older service with its models in a database. */
@Module({ imports: [LegacySharedModule] })
export class LabLegacyModule {}
