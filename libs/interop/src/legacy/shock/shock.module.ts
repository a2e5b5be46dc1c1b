import { Module } from '@nestjs/common';
import { LegacySharedModule } from '../shared/legacy-shared.module.js';

/** The older service for haemodynamic shock. */
@Module({ imports: [LegacySharedModule] })
export class ShockLegacyModule {}
