/** How this protocol refuses: `{"error": "…"}` with the status, whatever refused, authentication and quota included. */
import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RefusesWith, toProblem, type FieldError } from '#platform';

/** Values at fault that one sentence names. */
const MOST_NAMED = 20;

@Catch()
class OipErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { id } = http.getRequest<FastifyRequest>();
    const { status, headers, body } = toProblem(error, id);
    if (status === 500) this.logger.error({ requestId: id, err: error }, 'unexpected error');
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return;
    void reply
      .status(status)
      .headers(headers)
      .type('application/json')
      .send({ error: sentence(body) });
  }
}

function sentence({
  detail,
  errors = [],
}: {
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}): string {
  if (errors.length === 0) return detail;
  const named = errors.slice(0, MOST_NAMED).map(({ pointer, detail: what }) => `${pointer || 'the request'} ${what}`);
  return `${detail} ${named.join('; ')}${errors.length > MOST_NAMED ? '; …' : ''}`;
}

const errorFilter = new OipErrorFilter();

/** The route refuses as the protocol does. */
export function RefusesAsOip(): MethodDecorator {
  return RefusesWith(errorFilter);
}
