/**
 * What older services answer where they have no route: 404, and 405 for a path of theirs with another method. Which paths and methods
 * there are is read off the service's controller.
 */
import { Controller, Req, RequestMapping, RequestMethod, Res, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, platformErrors, Public, ReadsBytes, routeConfigOf } from '#platform';
import { legacyErrors } from './legacy.errors.js';

type UnknownRequest = Pick<FastifyRequest, 'method'> & { readonly params: unknown };

interface KnownPath {
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

interface Behaviour {
  /** OPTIONS of a path says which methods it takes, HEAD and OPTIONS among them, as Flask does. */
  readonly answersOptions?: boolean;
}

/** In the order in which `Allow` names them. */
const ORDER = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** For a root that is a route itself, beside whose methods there can be no `ALL`; HEAD comes with GET. */
const OF_ROOTS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/**
 * A controller for whatever the service's own one has no route for. It reads no body, so that nothing about one is told instead.
 * @param refuses decorates routes that refuse in the service's shape
 */
export function unknownRoutes(
  controller: Type,
  refuses: () => MethodDecorator,
  { answersOptions = false }: Behaviour = {},
): Type {
  const paths = pathsOf(controller, answersOptions);
  const root = Reflect.getMetadata(PATH_METADATA, controller) as string;

  @ApiExcludeController()
  @Controller(root)
  class UnknownRoutes {}

  const add = (name: string, method: RequestMethod, path: string): void => {
    const target: object = UnknownRoutes.prototype;
    // One for each route: decorators leave what they say at the function.
    const value = (request: UnknownRequest, reply: FastifyReply): string => answer(paths, request, reply);
    const descriptor: PropertyDescriptor = { value, configurable: true, writable: true };
    Object.defineProperty(target, name, descriptor);
    for (const decorate of [RequestMapping({ method, path }), Public(), ReadsBytes(), refuses()])
      decorate(target, name, descriptor);
    Req()(target, name, 0);
    Res({ passthrough: true })(target, name, 1);
  };
  add('below', RequestMethod.ALL, '*');
  const atRoot = paths.find(({ pattern }) => pattern.test(''))?.methods;
  if (!atRoot) add('root', RequestMethod.ALL, '');
  else
    for (const method of OF_ROOTS)
      if (method === 'OPTIONS' || !atRoot.includes(method)) add(`root${method}`, RequestMethod[method], '');
  return UnknownRoutes;
}

/** @throws NOT_FOUND, LEGACY_METHOD_NOT_ALLOWED */
function answer(paths: readonly KnownPath[], { method, params }: UnknownRequest, reply: FastifyReply): string {
  const path = (params as { '*'?: string })['*'] ?? '';
  const methods = paths.find(({ pattern }) => pattern.test(path))?.methods;
  if (method === 'OPTIONS' && methods?.includes(method)) {
    void reply.header('allow', methods.join(', '));
    return '';
  }
  // A path that has the method is here because the router does not take it, as with a name that is too long: the service has none such.
  if (!methods || methods.includes(method)) throw new DomainError(platformErrors.NOT_FOUND, 'Not Found');
  throw new DomainError(legacyErrors.LEGACY_METHOD_NOT_ALLOWED, 'Method Not Allowed', {
    headers: { allow: methods.join(', ') },
  });
}

function pathsOf({ prototype }: Type, answersOptions: boolean): KnownPath[] {
  const methodsByPath = new Map<string, Set<string>>();
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const handler: unknown = (prototype as Record<string, unknown>)[name];
    if (typeof handler !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, handler)) continue;
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
    const paths = Reflect.getMetadata(PATH_METADATA, handler) as string | string[];
    for (const path of [paths].flat()) {
      const pattern = patternOf(path, routeConfigOf(handler).alsoWithSlash ?? false);
      const methods = methodsByPath.get(pattern) ?? new Set();
      methods.add(method);
      if (answersOptions) for (const also of method === 'GET' ? ['HEAD', 'OPTIONS'] : ['OPTIONS']) methods.add(also);
      methodsByPath.set(pattern, methods);
    }
  }
  return Array.from(methodsByPath, ([pattern, methods]) => ({
    pattern: new RegExp(pattern),
    methods: [...methods].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)),
  }));
}

/** Of what follows the root and its slash. */
function patternOf(path: string, alsoWithSlash: boolean): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const literal = segments.map((segment) => (segment.startsWith(':') ? '[^/]+' : segment.replace(/\W/g, '\\$&')));
  return `^${literal.join('/')}${alsoWithSlash && segments.length > 0 ? '/?' : ''}$`;
}
