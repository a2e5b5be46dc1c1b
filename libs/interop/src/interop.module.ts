import { Module } from '@nestjs/common';
import { OipModule } from './oip/oip.module.js';

/** Other people's protocols, one folder each: they translate, and call what predicts and what keeps models. */
@Module({ imports: [OipModule] })
export class InteropModule {}
