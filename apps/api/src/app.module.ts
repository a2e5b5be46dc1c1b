import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuditModule } from '#audit';
import { AccessGuard, AuthModule } from '#auth';
import { InferenceModule } from '#inference';
import { InteropModule } from '#interop';
import { ModelsModule } from '#models';
import { PlatformModule, type DatabaseAccess, type LatidoConfig } from '#platform';
import { PredictionsModule } from '#predictions';
import { SubscriptionsModule } from '#subscriptions';
import { UsersModule } from '#users';

@Module({})
export class AppModule {
  static forRoot(config: LatidoConfig, access: DatabaseAccess): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot(config, access),
        AuditModule,
        UsersModule,
        AuthModule,
        SubscriptionsModule,
        InferenceModule,
        ModelsModule,
        PredictionsModule,
        InteropModule.forRoot(config.legacy.apis),
      ],
      providers: [{ provide: APP_GUARD, useExisting: AccessGuard }],
    };
  }
}
