import { CacheModule } from '@nestjs/cache-manager';
import { Global, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { BoundedStore, CACHE_STORE, keyvOver } from './cache/bounded-store.js';
import { ChangeFeed } from './cache/change-feed.js';
import { ReadCache } from './cache/read-cache.js';
import { LatidoConfig } from './config/config.js';
import { DataFolder } from './data-folder.js';
import { dataSourceOptions, type DatabaseAccess } from './database/data-source.js';
import { Housekeeping } from './housekeeping.js';
import { ServerSentEvents } from './http/server-sent-events.js';
import { Jobs } from './jobs/jobs.js';
import { Metrics } from './metrics.js';
import { OperationsController } from './operations.controller.js';
import { Readiness } from './readiness.js';
import { RedisConnection } from './redis/redis-connection.js';
import { ServiceMetrics } from './service-metrics.js';
import { DATABASE_ACCESS } from './tokens.js';

/** What is kept of each kind: principals, entitlements, keys, model metadata; past that the oldest go. */
const CACHE_CAPACITY = 100_000;

/** Configuration, database, cache, metrics and readiness, for every other module. */
@Global()
@Module({})
export class PlatformModule implements OnModuleInit {
  constructor(
    private readonly readiness: Readiness,
    private readonly dataSource: DataSource,
  ) {}

  static forRoot(config: LatidoConfig, access: DatabaseAccess): DynamicModule {
    const store = new BoundedStore(CACHE_CAPACITY);
    return {
      module: PlatformModule,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions(access),
          autoLoadEntities: true,
          retryAttempts: 5,
          retryDelay: 500,
        }),
        CacheModule.register({ stores: [keyvOver(store)] }),
      ],
      controllers: [OperationsController],
      providers: [
        { provide: LatidoConfig, useValue: config },
        { provide: DATABASE_ACCESS, useValue: access },
        { provide: CACHE_STORE, useValue: store },
        { provide: DataFolder, useFactory: () => new DataFolder(config.dataDir) },
        Metrics,
        Readiness,
        ServerSentEvents,
        ServiceMetrics,
        ChangeFeed,
        ReadCache,
        Housekeeping,
        Jobs,
        {
          provide: RedisConnection,
          // A process that ends soon is no replica, and counts nothing.
          useFactory: () =>
            new RedisConnection({
              url: access.listens === false ? undefined : config.redis.url,
              replicas: config.quota.replicas,
            }),
        },
      ],
      exports: [
        LatidoConfig,
        DATABASE_ACCESS,
        DataFolder,
        Housekeeping,
        Jobs,
        Metrics,
        Readiness,
        RedisConnection,
        ServerSentEvents,
        ChangeFeed,
        ReadCache,
      ],
    };
  }

  onModuleInit(): void {
    this.readiness.add('database', async () => {
      await this.dataSource.query('SELECT 1');
    });
  }
}
