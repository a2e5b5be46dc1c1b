/**
 * A server with the real registry for tests of libs/models: one replica of those that share a database. Only authentication is left
 * out: the caller has the role named in `x-test-role`, because who signs in how is a matter of libs/auth.
 */
import type { ModuleMetadata } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import pg from 'pg';
import { ModelsModule } from '#models';
import { newId, type Role } from '#platform';
import { UsersModule } from '#users';
import { startApplication } from './application.js';
import type { TestDatabase } from './database.js';

export interface ModelServer {
  readonly app: NestFastifyApplication;
  readonly dataFolder: string;
  /** The user that requests of this role come from. */
  readonly callers: Readonly<Record<Role, string>>;
  request(
    role: Role,
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

export interface ModelServerOptions {
  readonly modelsDir: string;
  readonly engine?: 'auto' | 'onnx' | 'tfjs';
  /** Megabytes for models in memory. */
  readonly memory?: number;
  /** In place of the database's own URL as application. */
  readonly url?: string;
  readonly environment?: Record<string, string>;
  /** Beside users and models. */
  readonly modules?: NonNullable<ModuleMetadata['imports']>;
}

export async function startModelServer(
  database: TestDatabase,
  { modelsDir, engine = 'auto', memory, url = database.url, environment = {}, modules = [] }: ModelServerOptions,
): Promise<ModelServer> {
  const callers = await makeCallers(database);
  const { app, fastify, dataFolder, close } = await startApplication({
    url,
    modules: [UsersModule, ModelsModule, ...modules],
    environment: {
      ...environment,
      MODELS_DIR: modelsDir,
      INFERENCE_ENGINE: engine,
      ...(memory === undefined ? {} : { MODEL_MEMORY_MB: String(memory) }),
    },
    hooks: (server) =>
      server.addHook('onRequest', (request, _reply, done) => {
        const role = String(request.headers['x-test-role']) as Role;
        request.state.principal = { userId: callers[role], role, apiKeyId: null, mustChangePassword: false };
        done();
      }),
  });

  return {
    app,
    dataFolder,
    callers,
    request: (role, method, path, body, headers = {}) =>
      fastify.inject({
        method,
        url: path,
        payload: body as InjectOptions['payload'],
        headers: { 'x-test-role': role, ...headers },
      }),
    close,
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
