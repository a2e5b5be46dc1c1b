/** On an application as the server is put together: what Nest and Fastify refuse by themselves below an older service's prefix. */
import {
  Controller,
  All,
  Get,
  NotFoundException,
  Param,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApplication, type TestApplication } from '../../../../test/setup/application.js';
import { ownDatabase } from '../../../../test/setup/database.js';
import { RefusesWith, toProblem } from './problem.filter.js';

const ownShape: ExceptionFilter = {
  catch(error: unknown, host: ArgumentsHost) {
    const { status, body } = toProblem(error, '');
    void host.switchToHttp().getResponse<FastifyReply>().status(status).send({ own: body.detail });
  },
};

@Controller('older')
class OlderController {
  @Get('named/:name')
  named(@Param('name') name: string): string {
    return name;
  }

  @Get('*')
  @RefusesWith(ownShape)
  unknown(): never {
    throw new NotFoundException('Not Found');
  }
}

@Controller('other')
class OtherController {
  @All('*')
  any(): string {
    return 'any';
  }
}

const database = await ownDatabase();
let server: TestApplication;

beforeAll(async () => {
  const controllers = [OlderController, OtherController];
  server = await startApplication({ url: database.url, modules: [], controllers, hooks: () => undefined });
});
afterAll(() => server.close());

it.each([
  ['GET', '/older/%zz'],
  ['GET', '/older/named/%ff'],
  ['GET', `/older/named/${'x'.repeat(200)}`],
  ['GET', '/older/%zz?token=secret'],
  ['POST', '/older/nothing'],
  ['OPTIONS', '/older'],
] as const)('%s %s is refused in the shape of what answers below the prefix, without the path', async (method, url) => {
  const answer = await server.fastify.inject({ method, url });
  expect([answer.statusCode, answer.json()]).toEqual([404, { own: 'Not Found' }]);
});

it.each(['/other/%zz', '/olders/%zz', '/%zz/older/'])('GET %s is refused as everywhere else', async (url) => {
  const answer = await server.fastify.inject({ method: 'GET', url, headers: { 'x-request-id': 'asked' } });
  expect(answer.headers).toMatchObject({
    'content-type': expect.stringContaining('problem+json'),
    'x-request-id': 'asked',
  });
  expect(answer.json()).toMatchObject({ status: 400, code: 'MALFORMED_REQUEST' });
});
