/**
 * A server of plans and quotas alone, on a real database: who calls is said by headers, because signing in is
 * libs/auth's matter.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Body, Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { afterAll } from 'vitest';
import {
  Authenticated,
  Costs,
  DomainError,
  invalidRequest,
  newId,
  platformErrors,
  Public,
  type RequestState,
  type Role,
} from '#platform';
import { QuotaClock, QuotaGate, SubscriptionsModule } from '#subscriptions';
import { UsersService } from '#users';
import { startApplication, type TestApplication } from './application.js';

/** Stands still until it is moved. */
export class HandClock extends QuotaClock {
  private readonly startMs = Date.now();
  private movedMs = 0;

  moveSeconds(seconds: number): void {
    this.movedMs += seconds * 1000;
  }

  override monotonicMs(): number {
    return this.startMs + this.movedMs;
  }

  override now(): Date {
    return new Date(this.monotonicMs());
  }
}

@Controller()
class CountedController {
  @Post('counted/:thing')
  @Authenticated()
  @Costs('request')
  counted(
    @Body() body: { bad?: boolean },
    @Req() request: FastifyRequest,
  ): Pick<RequestState, 'admission' | 'timings'> {
    if (body.bad) throw invalidRequest([{ pointer: '/bad', detail: 'is true' }]);
    const { admission, timings } = request.state;
    return { admission, timings };
  }

  @Post('slow')
  @Authenticated()
  @Costs('request')
  async slow(): Promise<Record<string, never>> {
    await sleep(300);
    return {};
  }

  @Get('read')
  @Authenticated()
  read(): Record<string, never> {
    return {};
  }

  @Post('open')
  @Public()
  @HttpCode(200)
  open(): Record<string, never> {
    return {};
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- each test knows what it asked for
}

export interface Caller {
  readonly id: string;
  readonly role?: Role;
  readonly apiKeyId?: string;
}

/** Servers may be started within a test, where nothing can be left to do after the file. */
const running = new Set<SubscriptionsServer>();
afterAll(async () => {
  for (const server of running) await server.stop();
});

export class SubscriptionsServer {
  private constructor(
    private readonly application: TestApplication,
    readonly clock: HandClock,
  ) {}

  static async start(
    url: string,
    clock = new HandClock(),
    environment: Record<string, string> = {},
  ): Promise<SubscriptionsServer> {
    const application = await startApplication({
      url,
      environment,
      modules: [SubscriptionsModule],
      controllers: [CountedController],
      override: (builder) => builder.overrideProvider(QuotaClock).useValue(clock),
      hooks(fastify, app) {
        registerNamedCaller(fastify);
        app.get(QuotaGate).register(fastify);
      },
    });
    await application.app.listen(0, '127.0.0.1');
    const server = new SubscriptionsServer(application, clock);
    running.add(server);
    return server;
  }

  get port(): number {
    return (this.application.app.getHttpServer().address() as { port: number }).port;
  }

  get<T>(type: abstract new (...args: never[]) => T): T {
    return this.application.app.get(type as never, { strict: false });
  }

  async query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.get(DataSource).query<Row[]>(sql, parameters);
  }

  async createUser(role: Role = 'user'): Promise<Required<Pick<Caller, 'id' | 'role'>>> {
    const username = `u${newId().replaceAll('-', '')}`;
    const user = await this.get(DataSource).transaction((manager) =>
      this.get(UsersService).create({ username, role }, manager),
    );
    return { id: user.id, role };
  }

  async call(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    caller: Caller | null,
    payload?: object | string,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await this.application.fastify.inject({
      method,
      url: path,
      headers: {
        ...(caller ? callerHeaders(caller) : {}),
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      payload,
    });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.headers['content-type']?.toString().includes('json') ? answer.json() : answer.body,
    };
  }

  /** Also called when the spec file is done. */
  async stop(): Promise<void> {
    if (running.delete(this)) await this.application.close();
  }
}

export function callerHeaders({ id, role = 'user', apiKeyId }: Caller): Record<string, string> {
  return { 'x-caller': id, 'x-role': role, ...(apiKeyId ? { 'x-api-key-id': apiKeyId } : {}) };
}

function registerNamedCaller(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const {
      'x-caller': userId,
      'x-role': role,
      'x-api-key-id': apiKeyId,
      'x-refused': refused,
    } = request.headers as Record<string, string | undefined>;
    request.state.ruleApplied = true;
    if (userId)
      request.state.principal = { userId, role: role as Role, apiKeyId: apiKeyId ?? null, mustChangePassword: false };
    request.state.timings.auth = 0.25;
    if (refused) done(new DomainError(platformErrors.FORBIDDEN, 'Refused after the caller was known.'));
    else done();
  });
}
