import { Module } from '@nestjs/common';
import { LegacySharedModule } from '../shared/legacy-shared.module.js';

/** The older service for cardiac risk: its accounts, both plans' routes, and the service with an API key. */
@Module({ imports: [LegacySharedModule] })
export class CardiacLegacyModule {}
