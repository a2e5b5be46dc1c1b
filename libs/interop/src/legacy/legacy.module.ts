import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { LegacyName } from '#platform';
import { CardiacLegacyModule } from './cardiac/cardiac.module.js';
import { GlmLegacyModule } from './glm/glm.module.js';
import { LabLegacyModule } from './lab/lab.module.js';
import { PenguinsLegacyModule } from './penguins/penguins.module.js';
import { ShockLegacyModule } from './shock/shock.module.js';

const ADAPTERS: Readonly<Record<LegacyName, Type>> = {
  cardiac: CardiacLegacyModule,
  shock: ShockLegacyModule,
  penguins: PenguinsLegacyModule,
  lab: LabLegacyModule,
  glm: GlmLegacyModule,
};

/** Older services, each below /legacy/<name>: their routes, shapes and status codes over the services of /v1. */
@Module({})
export class LegacyModule {
  /** @param apis those whose routes there are */
  static forRoot(apis: readonly LegacyName[]): DynamicModule {
    return { module: LegacyModule, imports: apis.map((name) => ADAPTERS[name]) };
  }
}
