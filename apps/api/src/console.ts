/**
 * Serves the web console at the server's root: one page for all of its addresses, so that each survives a reload, and the files which that
 * loads. They are read once at the start: no path leads to a file system, and a build that goes on beside changes nothing.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { PUBLIC_RULE } from '#platform';
import { acceptedEncoding, type Encoding } from './accept-encoding.js';
import { consolePolicy } from './security-headers.js';

/** First parts of its addresses, as apps/console/src/router.tsx has them. */
export const CONSOLE_ADDRESSES = [
  'account',
  'audit',
  'batches',
  'models',
  'new-password',
  'predictions',
  'register',
  'service',
  'sign-in',
  'try',
  'users',
];
/** Names of files there are made of their content: what a name holds never changes. */
const ASSETS = '/assets/';
const PAGE = '/index.html';
/** In the page, where each answer has its own. */
const NONCE_PLACE = '__CSP_NONCE__';
/** Older services that are not served are not there for the console either. */
const NEVER_A_PAGE = 'legacy';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const COMPRESSED: Readonly<Record<string, Exclude<Encoding, 'identity'>>> = { '.br': 'br', '.gz': 'gzip' };

interface ConsoleFile {
  readonly type: string;
  readonly contents: { readonly identity: Buffer } & { [name in Encoding]?: Buffer };
}

export interface ConsoleFiles {
  /** The page, cut where the nonce goes. */
  readonly page: readonly string[];
  /** By path from the server's root. */
  readonly files: ReadonlyMap<string, ConsoleFile>;
}

/** Where the built console is: below the project's folder, in dist as in the sources. Undefined where it was not built. */
function consoleFolder(): string | undefined {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const place = join(folder, 'apps/console/dist');
    if (existsSync(join(place, PAGE))) return place;
    if (existsSync(join(folder, 'package.json'))) return undefined;
  }
  return undefined;
}

export function isConsoleBuilt(): boolean {
  return consoleFolder() !== undefined;
}

/** Undefined where it was not built. */
export function readConsole(): ConsoleFiles | undefined {
  const folder = consoleFolder();
  if (folder === undefined) return undefined;
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length));
  const files = new Map<string, ConsoleFile>();
  for (const path of paths) {
    const type = MEDIA_TYPES[extname(path)];
    if (type !== undefined) files.set(path, { type, contents: { identity: readFileSync(join(folder, path)) } });
  }
  for (const path of paths) {
    const encoding = COMPRESSED[extname(path)];
    const file = files.get(path.slice(0, -extname(path).length));
    if (encoding && file) file.contents[encoding] = readFileSync(join(folder, path));
  }
  const page = files.get(PAGE)!.contents.identity.toString().split(NONCE_PLACE);
  files.delete(PAGE);
  return { page, files };
}

/** Adds its routes. After `registerSecurityHeaders`, and before hooks that say who may call. */
export function registerConsole(fastify: FastifyInstance, { page, files }: ConsoleFiles): void {
  const config = { access: PUBLIC_RULE, page: true };
  const showPage = (reply: FastifyReply): FastifyReply => {
    const nonce = randomBytes(18).toString('base64');
    return reply
      .headers({ 'cache-control': 'no-cache', 'content-security-policy': consolePolicy(nonce) })
      .type(MEDIA_TYPES['.html']!)
      .send(page.join(nonce));
  };
  const answerPage: RouteHandlerMethod = (_request, reply) => showPage(reply);
  showUnknownPages(fastify, showPage);
  // When the application starts, so that hooks on routes which are added until then see these too.
  void fastify.register((scope, _options, done) => {
    scope.get('/', { config }, answerPage);
    for (const address of CONSOLE_ADDRESSES) {
      scope.get(`/${address}`, { config }, answerPage);
      scope.get(`/${address}/*`, { config }, answerPage);
    }
    const ofFile = { config: { ...config, unlogged: true } };
    for (const [path, file] of files)
      if (!path.startsWith(ASSETS)) scope.get(path, ofFile, fileHandler(file, 'no-cache'));
    const handlers = new Map(
      [...files].map(([path, file]) => [path, fileHandler(file, 'public, max-age=31536000, immutable')]),
    );
    scope.get(`${ASSETS}*`, ofFile, function (request, reply) {
      const [path = ''] = request.url.split('?', 1);
      const answer = path.startsWith(ASSETS) ? handlers.get(path) : undefined;
      if (answer) return answer.call(this, request, reply);
      // Another replica may have it: one that was upgraded already, or is yet to be.
      void reply.header('cache-control', 'no-store');
      return reply.callNotFound();
    });
    done();
  });
}

function fileHandler({ type, contents }: ConsoleFile, caching: string): RouteHandlerMethod {
  const offered = (['br', 'gzip'] as const).filter((encoding) => contents[encoding]);
  // By content: the same on every replica and after every build.
  const hash = createHash('sha256').update(contents.identity).digest('base64url').slice(0, 22);
  return (request, reply) => {
    const encoding = acceptedEncoding(request.headers['accept-encoding'], offered);
    const etag = `"${hash}${encoding === 'identity' ? '' : `-${encoding}`}"`;
    void reply.headers({ 'cache-control': caching, etag });
    if (offered.length > 0) vary(reply, 'accept-encoding');
    if (names(request.headers['if-none-match'], etag)) return reply.code(304).send();
    if (encoding !== 'identity') void reply.header('content-encoding', encoding);
    return reply.type(type).send(contents[encoding] ?? contents.identity);
  };
}

/** Whether If-None-Match names the entity tag (RFC 9110 §13.1.2); what a proxy has made weak counts as well. */
function names(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((given) => ['*', etag].includes(given.trim().replace(/^W\//, '')));
}

function vary(reply: FastifyReply, field: string): void {
  const others = reply.getHeader('vary');
  void reply.header('vary', others === undefined ? field : `${String(others)}, ${field}`);
}

/**
 * A person whose browser goes where nothing is reads so in the console's own words. What programs ask for in vain is refused as all over
 * the API, and so is everything below what the API or the console's files begin with.
 */
function showUnknownPages(fastify: FastifyInstance, showPage: (reply: FastifyReply) => FastifyReply): void {
  const taken = new Set([NEVER_A_PAGE]);
  fastify.addHook('onRoute', ({ url }) => void taken.add(firstPart(url)));
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.is404 && isNavigation(request) && !taken.has(firstPart(request.url))) void showPage(reply.code(404));
    else done();
  });
}

function isNavigation({ method, headers }: FastifyRequest): boolean {
  return (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html');
}

function firstPart(url: string): string {
  return /^\/([^/?]*)/.exec(url)?.[1] ?? '';
}
