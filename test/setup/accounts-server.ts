/** A server with accounts and their plans, which count nothing, and nothing else unless it is asked for, on a spec file's own database: for the medium tests of users and auth. */
import type { Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { DataSource } from 'typeorm';
import { afterAll } from 'vitest';
import { AccessGuard, Accounts, Authenticator, AuthModule, FirstAdministrator } from '#auth';
import { SubscriptionsModule } from '#subscriptions';
import { UsersModule } from '#users';
import { startApplication, type TestApplication, type TestApplicationOptions } from './application.js';
import { ownDatabase, type TestDatabase } from './database.js';

export const PASSWORD = 'three small green boats';
export const ADMIN_PASSWORD = 'seven tall grey towers';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | number | undefined>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into bodies of every shape
  readonly body: any;
}

export interface Session {
  readonly userId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

const running: AccountsServer[] = [];

/**
 * A database of the spec file's own; the servers started in the file are stopped before it is dropped. Call it at the
 * top of the file.
 */
export async function accountsDatabase(): Promise<TestDatabase> {
  const database = await ownDatabase();
  afterAll(async () => {
    for (const server of running.splice(0)) await server.application.close();
  });
  return database;
}

export class AccountsServer {
  private constructor(readonly application: TestApplication) {}

  static async start(
    database: TestDatabase,
    environment: Record<string, string> = {},
    controllers: Type[] = [],
    dataFolder?: string,
    more: Partial<Pick<TestApplicationOptions, 'modules' | 'hooks'>> = {},
  ): Promise<AccountsServer> {
    const application = await startApplication({
      url: database.url,
      modules: [UsersModule, AuthModule, SubscriptionsModule, ...(more.modules ?? [])],
      controllers,
      providers: [{ provide: APP_GUARD, useExisting: AccessGuard }],
      environment: { ADMIN_PASSWORD, ...environment },
      dataFolder,
      hooks: (fastify, app) => {
        app.get(Authenticator).register(fastify);
        more.hooks?.(fastify, app);
      },
    });
    const server = new AccountsServer(application);
    running.push(server);
    return server;
  }

  get app(): NestFastifyApplication {
    return this.application.app;
  }

  get dataFolder(): string {
    return this.application.dataFolder;
  }

  get dataSource(): DataSource {
    return this.app.get(DataSource);
  }

  get fastify(): FastifyInstance {
    return this.application.fastify;
  }

  async request(options: InjectOptions & { readonly token?: string }): Promise<Answer> {
    const { token, ...rest } = options;
    const headers = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...rest.headers };
    const response: LightMyRequestResponse = await this.fastify.inject({ ...rest, headers });
    const isJson = /json/.test(String(response.headers['content-type']));
    return { status: response.statusCode, headers: response.headers, body: isJson ? response.json() : response.body };
  }

  get = (url: string, token?: string): Promise<Answer> => this.request({ method: 'GET', url, token });
  post = (url: string, payload: object, token?: string): Promise<Answer> =>
    this.request({ method: 'POST', url, payload, token });
  patch = (url: string, payload: object, token?: string): Promise<Answer> =>
    this.request({ method: 'PATCH', url, payload, token });
  delete = (url: string, token?: string): Promise<Answer> => this.request({ method: 'DELETE', url, token });

  /** Signs in, from `address` (default 127.0.0.1). */
  grant(username: string, password: string, address = '127.0.0.1'): Promise<Answer> {
    return this.request({
      method: 'POST',
      url: '/v1/auth/token',
      payload: { grant_type: 'password', username, password },
      remoteAddress: address,
    });
  }

  refresh(refreshToken: string): Promise<Answer> {
    return this.post('/v1/auth/token', { grant_type: 'refresh_token', refresh_token: refreshToken });
  }

  /** A new account, signed in. */
  async register(username: string, password = PASSWORD): Promise<Session> {
    const account = await this.post('/v1/users', { username, password });
    if (account.status !== 201)
      throw new Error(`registration answered ${account.status}: ${JSON.stringify(account.body)}`);
    return this.signIn(username, password);
  }

  async signIn(username: string, password = PASSWORD): Promise<Session> {
    const { status, body } = await this.grant(username, password);
    if (status !== 200) throw new Error(`sign-in answered ${status}: ${JSON.stringify(body)}`);
    const claims = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString()) as { sub: string };
    return { userId: claims.sub, accessToken: body.access_token, refreshToken: body.refresh_token };
  }

  /** The first administrator, signed in. */
  async administrator(): Promise<Session> {
    await this.app.get(FirstAdministrator).ensure();
    return this.signIn('admin', ADMIN_PASSWORD);
  }

  get accounts(): Accounts {
    return this.app.get(Accounts);
  }

  async auditActions(): Promise<string[]> {
    return (await this.dataSource.query('SELECT action FROM audit_events ORDER BY id')).map(
      ({ action }: { action: string }) => action,
    );
  }
}
