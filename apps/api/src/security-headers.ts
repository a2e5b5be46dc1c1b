/** Security headers of every answer: one fixed set for the API, one for the pages of Swagger UI, a policy for the console's. */
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A page or a part of one, which a browser shows. */
    page?: boolean;
  }
}

const COMMON = { 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' };

/**
 * What OWASP's REST Security Cheat Sheet asks of an API: its answers hold patients' data and accounts, so nobody keeps them,
 * guesses their type or frames them. Whole objects, made once: a header computed for each answer is paid for by each.
 */
const API = {
  ...COMMON,
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};
/** Swagger UI brings its own scripts and styles and sets styles inline. */
const PAGE = {
  ...COMMON,
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; object-src 'none'; base-uri 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
};
/** What the console's page may do: nothing but load its own files and talk to its own server. */
const CONSOLE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');
const HTTPS = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' };

/** @param nonce that the page tells its scripts, which make styles of what a person chooses, such as the theme */
export function consolePolicy(nonce: string): string {
  return `${CONSOLE_POLICY}; style-src 'self' 'nonce-${nonce}'`;
}

/** Adds the hook. After `registerRequestState`. Routes say with `config.page` that they are pages. */
export function registerSecurityHeaders(fastify: FastifyInstance, options: { readonly https: boolean }): void {
  const secured = options.https ? HTTPS : {};
  const api = { ...API, ...secured };
  const page = { ...PAGE, ...secured };
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(request.state.route.config.page ? page : api);
    done();
  });
}
