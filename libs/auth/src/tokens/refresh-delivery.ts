/**
 * How a refresh token reaches the client: in the body, or with `X-Token-Delivery: cookie` as a cookie that no script
 * can read. The header is asked for again when the cookie is used: another site can make a browser send the cookie,
 * but not the header.
 */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

const COOKIE_NAME = 'latido_refresh';
const COOKIE_PATH = '/v1/auth';

export class RefreshDelivery {
  readonly byCookie: boolean;
  /** The refresh token that came as a cookie, if the header came along. */
  readonly received: string | undefined;

  constructor(
    private readonly request: FastifyRequest,
    private readonly reply: FastifyReply,
  ) {
    this.byCookie = request.headers['x-token-delivery'] === 'cookie';
    this.received = this.byCookie ? cookieValue(request.headers.cookie, COOKIE_NAME) : undefined;
  }

  setCookie(refreshToken: string, maxAgeSeconds: number): void {
    // `protocol` believes X-Forwarded-Proto of a trusted proxy, so that TLS may end there.
    const secure = this.request.protocol === 'https' ? '; Secure' : '';
    void this.reply.header(
      'set-cookie',
      `${COOKIE_NAME}=${refreshToken}; HttpOnly; SameSite=Strict; Path=${COOKIE_PATH}; Max-Age=${maxAgeSeconds}${secure}`,
    );
  }

  clearCookie(): void {
    if (this.byCookie) this.setCookie('', 0);
  }
}

/** RFC 6265 §5.4: pairs separated by semicolons. Undefined when the cookie is missing or empty. */
function cookieValue(header: string | undefined, name: string): string | undefined {
  const pair = header?.split(';').find((candidate) => candidate.trimStart().startsWith(`${name}=`));
  return pair?.slice(pair.indexOf('=') + 1).trim() || undefined;
}

export const Delivery = createParamDecorator((_: unknown, context: ExecutionContext): RefreshDelivery => {
  const http = context.switchToHttp();
  return new RefreshDelivery(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
});
