/**
 * A server with the real registry for tests of libs/models: one replica of those that share a database. Only authentication is left
 * out: the caller has the role named in `x-test-role`, because who signs in how is a matter of libs/auth.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import pg from 'pg';
import { AuditModule } from '#audit';
import { ModelsModule } from '#models';
import {
  createValidationPipe,
  loadConfig,
  newId,
  PlatformModule,
  ProblemFilter,
  registerRequestState,
  type Role,
} from '#platform';
import { UsersModule } from '#users';
import type { TestDatabase } from './database.js';

export interface ModelServer {
  readonly app: NestFastifyApplication;
  /** The user that requests of this role come from. */
  readonly callers: Readonly<Record<Role, string>>;
  request(
    role: Role,
    method: 'GET' | 'PUT' | 'POST',
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

export interface ModelServerOptions {
  readonly modelsDir: string;
  readonly engine?: 'auto' | 'onnx' | 'tfjs';
  /** In place of the database's own URL as application. */
  readonly url?: string;
}

export async function startModelServer(
  database: TestDatabase,
  { modelsDir, engine = 'auto', url = database.url }: ModelServerOptions,
): Promise<ModelServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'latido-models-'));
  const config = loadConfig({ DATA_DIR: dataDir, MODELS_DIR: modelsDir, INFERENCE_ENGINE: engine }, dataDir);
  const callers = await makeCallers(database);

  const module = await Test.createTestingModule({
    imports: [PlatformModule.forRoot(config, { url, poolSize: 4 }), AuditModule, UsersModule, ModelsModule],
  }).compile();
  module.useLogger(false);
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(new ProblemFilter());
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  registerRequestState(fastify);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const role = String(request.headers['x-test-role']) as Role;
    request.state.principal = { userId: callers[role], role, apiKeyId: null, mustChangePassword: false };
    done();
  });
  await app.init();
  await fastify.ready();

  return {
    app,
    callers,
    request: (role, method, path, body, headers = {}) =>
      fastify.inject({
        method,
        url: path,
        payload: body as InjectOptions['payload'],
        headers: { 'x-test-role': role, ...headers },
      }),
    async close() {
      await app.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function makeCallers(database: TestDatabase): Promise<Record<Role, string>> {
  const callers = { user: newId(), publisher: newId(), auditor: newId(), admin: newId() };
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  for (const [role, id] of Object.entries(callers)) {
    await owner.query('INSERT INTO users (id, username, username_key, role) VALUES ($1, $2, $2, $3)', [
      id,
      `u${id}`,
      role,
    ]);
  }
  await owner.end();
  return callers;
}
