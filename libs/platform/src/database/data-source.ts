/** One function makes the connection options for the server, the command line and the tests. */
import pg from 'pg';
import { DataSource, type DataSourceOptions, type MixedList } from 'typeorm';
import { SnakeCaseNaming } from './naming.js';

type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/** A query that takes longer than this fails as "database unavailable" instead of holding its request. */
const QUERY_TIMEOUT_MS = 8_000;
const CONNECT_TIMEOUT_MS = 2_000;

export interface DatabaseAccess {
  /** The application role: may read and write, but not change or delete what is recorded. */
  readonly url: string;
  readonly poolSize: number;
  /** Queries may take as long as they need: migrations. */
  readonly unlimitedQueries?: boolean;
  /** False for a process that ends soon: it announces its changes, and hears of no others'. */
  readonly listens?: boolean;
}

/**
 * A connection whose loss never ends the process: whoever uses it is told by what runs on it. The pool takes its own listener off
 * before the one who asked can put on another, and Postgres may say farewell in the same packet as its welcome.
 */
class PooledClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/** Options for TypeORM with the project's rules: migrations own the schema, ids come from core Postgres functions. */
export function dataSourceOptions(access: DatabaseAccess): PostgresOptions {
  return {
    type: 'postgres',
    url: access.url,
    poolSize: access.poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    synchronize: false,
    logging: false,
    namingStrategy: new SnakeCaseNaming(),
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    applicationName: 'latido',
    migrationsTableName: 'migrations',
    extra: {
      ...(access.unlimitedQueries ? {} : { query_timeout: QUERY_TIMEOUT_MS }),
      keepAlive: true,
      Client: PooledClient,
    },
    // A connection that breaks while idle is replaced by the pool; each request that meets it reports its own error.
    poolErrorHandler: () => undefined,
  };
}

/** A data source outside Nest, for migrations, the command line and tests. */
export function createDataSource(
  access: DatabaseAccess,
  more: { entities?: MixedList<string | (new () => object)>; migrations?: (new () => object)[] } = {},
): DataSource {
  return new DataSource({ ...dataSourceOptions(access), ...more } as DataSourceOptions);
}

/** TypeORM's own pool, for what TypeORM has no way to say: COPY. */
export function pool(dataSource: DataSource): pg.Pool {
  return (dataSource.driver as unknown as { master: pg.Pool }).master;
}
