import { Module, type DynamicModule } from '@nestjs/common';
import type { LegacyName } from '#platform';
import { LegacyModule } from './legacy/legacy.module.js';
import { OipModule } from './oip/oip.module.js';

/** Other people's protocols, one folder each: they translate, and call what predicts and what keeps models. */
@Module({})
export class InteropModule {
  /** @param legacyApis older services that are served */
  static forRoot(legacyApis: readonly LegacyName[]): DynamicModule {
    return { module: InteropModule, imports: [OipModule, LegacyModule.forRoot(legacyApis)] };
  }
}
