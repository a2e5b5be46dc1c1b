/** Which bodies are read: JSON everywhere, forms, files and CSV where a route says so, nothing else (415). */
import type { FastifyInstance } from 'fastify';
import { DomainError, platformErrors } from '../errors.js';
import { registerFileBodies } from './file-body.js';
import { registerMultipart } from './multipart.js';
import { registerByteBodies } from './byte-body.js';
import { registerCsvParser } from './csv-body.js';
import { registerGetBodies } from './get-body.js';
import { isTooDeepToParse, tooDeep } from './json-depth.js';
import { withoutPythonNumbers } from './python-json.js';
import { extendRouteConfig } from './route-config.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    acceptsForm?: boolean;
    largestBodyBytes?: number;
  }
}

const FORM_LIMIT_BYTES = 16_384;

/** The route also reads application/x-www-form-urlencoded, as OAuth 2.0 asks of token endpoints. */
export function AcceptsForm(): MethodDecorator {
  return extendRouteConfig(() => ({ acceptsForm: true }));
}

/** The route reads bodies of up to so many bytes, in place of the server's bound. */
export function ReadsUpTo(largestBodyBytes: number): MethodDecorator {
  return extendRouteConfig(() => ({ largestBodyBytes }));
}

/** What the names that Fastify's own parser refuses cannot be written without, escaped or not. */
function maySpellPrototype(json: string): boolean {
  return json.includes('__proto__') || json.includes('constructor') || json.includes('\\u');
}

/**
 * Replaces the default parsers. Fastify's own JSON parser, which refuses keys that would reach a prototype, still reads every
 * body that may have one, and every one that does not parse.
 */
export function registerBodyParsers(fastify: FastifyInstance): void {
  fastify.removeContentTypeParser(['text/plain', 'application/json']);
  const asStandard = fastify.getDefaultJsonParser('error', 'error');
  const strictly: typeof asStandard = (request, body, done) =>
    asStandard(request, body, (error, parsed) => {
      const { readsPythonJson } = request.routeOptions.config;
      const standard = error && readsPythonJson ? withoutPythonNumbers(body) : undefined;
      if (standard === undefined) done(error, parsed);
      else void asStandard(request, standard, done);
    });
  fastify.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (isTooDeepToParse(body)) return done(tooDeep());
    if (maySpellPrototype(body)) return strictly(request, body, done);
    let parsed: unknown;
    try {
      parsed = JSON.parse(body);
    } catch {
      return strictly(request, body, done);
    }
    done(null, parsed);
  });
  registerCsvParser(fastify);
  fastify.addHook('onRoute', (route) => {
    const bodyLimit = route.config?.largestBodyBytes;
    if (bodyLimit !== undefined) route.bodyLimit = bodyLimit;
  });
  registerMultipart(fastify);
  registerFileBodies(fastify);
  registerByteBodies(fastify);
  registerGetBodies(fastify);
  fastify.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_LIMIT_BYTES },
    (request, body, done) => {
      if (request.routeOptions.config.acceptsForm) done(null, formFields(body as string));
      else done(new DomainError(platformErrors.UNSUPPORTED_MEDIA_TYPE, 'This route reads application/json.'));
    },
  );
}

/** A field given more than once becomes an array: RFC 6749 §3.2 has such requests refused, not guessed at. */
function formFields(body: string): Record<string, string | string[]> {
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(body)) {
    const before = fields.get(name);
    if (before === undefined) fields.set(name, value);
    else if (Array.isArray(before)) before.push(value);
    else fields.set(name, [before, value]);
  }
  return Object.fromEntries(fields);
}
