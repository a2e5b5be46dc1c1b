/**
 * What the servers of medium tests have in common: real modules on a spec file's own database, put together as apps/api does,
 * reached by `inject`, with a data folder of their own. Who calls is the matter of each.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModuleMetadata } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import type { FastifyInstance } from 'fastify';
import { AuditModule } from '#audit';
import {
  createValidationPipe,
  loadConfig,
  PlatformModule,
  ProblemFilter,
  registerBodyParsers,
  registerDirectRoutes,
  registerHeadOfStreams,
  registerRequestState,
  registerRouteForms,
  registerUnrouted,
  refuseUnroutable,
  requestIdOf,
} from '#platform';

export interface TestApplicationOptions extends Omit<ModuleMetadata, 'imports'> {
  /** As the application role. */
  readonly url: string;
  /** Beside the platform and the audit trail. */
  readonly modules: NonNullable<ModuleMetadata['imports']>;
  readonly environment?: Record<string, string>;
  /** Another server's, for a replica; it is then not removed. */
  readonly dataFolder?: string;
  /** Replaces providers. */
  readonly override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
  /** Adds the hooks that say who calls and what it counts against. */
  readonly hooks: (fastify: FastifyInstance, app: NestFastifyApplication) => void;
}

export interface TestApplication {
  readonly app: NestFastifyApplication;
  readonly fastify: FastifyInstance;
  readonly dataFolder: string;
  /** Stops it and removes its data folder. */
  close(): Promise<void>;
}

export async function startApplication(options: TestApplicationOptions): Promise<TestApplication> {
  const { url, modules, environment = {}, hooks, override = (builder) => builder, dataFolder, ...metadata } = options;
  const folder = dataFolder ?? mkdtempSync(join(tmpdir(), 'latido-test-'));
  const config = loadConfig({ DATA_DIR: folder, ...environment }, folder);
  const builder = Test.createTestingModule({
    ...metadata,
    imports: [PlatformModule.forRoot(config, { url, poolSize: 6 }), AuditModule, ...modules],
  });
  const module = await override(builder).compile();
  module.useLogger(false);
  const adapter = new FastifyAdapter({
    bodyLimit: config.http.bodyLimitBytes,
    genReqId: (request: { headers: IncomingHttpHeaders }) => requestIdOf(request.headers['x-request-id']),
    frameworkErrors: refuseUnroutable as never,
  });
  const app = module.createNestApplication<NestFastifyApplication>(adapter, { bodyParser: false });
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(new ProblemFilter());
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  registerRequestState(fastify);
  registerBodyParsers(fastify);
  registerDirectRoutes(fastify, app);
  registerRouteForms(fastify);
  registerHeadOfStreams(fastify);
  registerUnrouted(fastify);
  hooks(fastify, app);
  await app.init();
  await fastify.ready();
  return {
    app,
    fastify,
    dataFolder: folder,
    async close() {
      await app.close();
      if (dataFolder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
