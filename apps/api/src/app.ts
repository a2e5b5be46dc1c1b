/** Composes the HTTP application: modules, hooks in their order, documents. Nothing is decided here. */
import type { IncomingMessage } from 'node:http';
import cors from '@fastify/cors';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger as Pino } from 'pino';
import { Authenticator } from '#auth';
import {
  createValidationPipe,
  LeanResponse,
  Metrics,
  NestLogger,
  ProblemFilter,
  registerAccessLog,
  registerBodyDeadline,
  registerBodyParsers,
  registerDirectRoutes,
  registerHeadOfStreams,
  registerRouteForms,
  registerUnrouted,
  registerHttpMetrics,
  refuseUnreadable,
  refuseUnroutable,
  registerRequestState,
  requestIdOf,
  type DatabaseAccess,
  type LatidoConfig,
} from '#platform';
import { QuotaGate } from '#subscriptions';
import { AppModule } from './app.module.js';
import { readConsole, registerConsole } from './console.js';
import { createDocument, serveDocument, type OpenAPIObject } from './openapi.js';
import { registerSecurityHeaders } from './security-headers.js';

export interface Application {
  readonly app: NestFastifyApplication;
  readonly fastify: FastifyInstance;
  /** The general document, as committed in openapi.json. */
  readonly document: OpenAPIObject;
}

/**
 * How long a client may take to send the largest file over a slow line, and an idle connection may stay open. Headers have Node's 60 s,
 * bodies that are no files 30 s.
 */
export const SERVER_TIMEOUTS = { requestTimeout: 30 * 60_000, keepAliveTimeout: 72_000 };

export async function createApplication(config: LatidoConfig, access: DatabaseAccess, log: Pino): Promise<Application> {
  const { http } = config;
  const adapter = new FastifyAdapter({
    bodyLimit: http.bodyLimitBytes,
    trustProxy: http.trustProxy ? [...http.trustProxy] : false,
    ...SERVER_TIMEOUTS,
    genReqId: (request: IncomingMessage) => requestIdOf(request.headers['x-request-id']),
    frameworkErrors: refuseUnroutable as never,
    clientErrorHandler: refuseUnreadable,
    // Requests that are being answered at shutdown finish; their connections are then closed.
    forceCloseConnections: 'idle',
    // There is no middleware to look for.
    skipMiddie: true,
    ...(http.tls
      ? { https: { ...http.tls, ServerResponse: LeanResponse } }
      : { http: { ServerResponse: LeanResponse } }),
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(config, access), adapter, {
    logger: new NestLogger(log),
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;

  registerRequestState(fastify);
  registerAccessLog(fastify, log);
  registerHttpMetrics(fastify, app.get(Metrics));
  registerBodyParsers(fastify);
  registerBodyDeadline(fastify.server);
  registerDirectRoutes(fastify, app);
  registerRouteForms(fastify);
  registerHeadOfStreams(fastify);
  registerUnrouted(fastify);
  registerSecurityHeaders(fastify, { https: http.tls !== undefined });
  const files = config.console ? readConsole() : undefined;
  if (files) registerConsole(fastify, files);
  if (http.corsOrigins.length > 0) {
    await app.register(cors as never, {
      origin: [...http.corsOrigins],
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      // So that pages can ask for the refresh token as a cookie; nothing else is read from cookies.
      credentials: true,
      exposedHeaders: [
        'idempotency-replayed',
        'inference-header-content-length',
        'location',
        'ratelimit',
        'ratelimit-policy',
        'ratelimit-scope',
        'retry-after',
        'server-timing',
        'x-model-notice',
        'x-request-id',
      ],
      maxAge: 600,
    });
  }
  app.get(Authenticator).register(fastify);
  app.get(QuotaGate).register(fastify);
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(new ProblemFilter());

  const document = await createDocument(app, config.legacy.apis);
  serveDocument(app, fastify, document);
  return { app, fastify, document };
}
