/** JSON log lines (pino), on standard output but for commands, whose standard output is their result. Never a body, a token, a password or a query's parameters. */
import type { LoggerService } from '@nestjs/common';
import { pino, type Logger as Pino } from 'pino';

/** The parts of an error that hold nothing of a request: drivers attach queries and their parameters to theirs. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    stack: error.stack,
    ...cause,
  };
}

/** POSIX keeps a write of this many bytes to a pipe whole, so that lines of several processes do not run into each other. */
export const WHOLE_WRITE_BYTES = 4_096;

/** @param worker the number of this process, where several write to the same output */
export function createLogger(level: string, fileDescriptor: 1 | 2 = 1, worker?: number): Pino {
  return pino(
    {
      level,
      base: worker === undefined ? undefined : { worker },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    pino.destination({
      dest: fileDescriptor,
      sync: false,
      minLength: 0,
      ...(worker === undefined ? {} : { maxWrite: WHOLE_WRITE_BYTES }),
    }),
  );
}

type Level = 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal';

/**
 * Nest's logger on pino. `logger.log('text')`, or `logger.error({ err, requestId }, 'text')` with fields;
 * Nest passes the logger's name last.
 */
export class NestLogger implements LoggerService {
  constructor(readonly pino: Pino) {}

  log = (message: unknown, ...rest: unknown[]): void => this.write('info', message, rest);
  error = (message: unknown, ...rest: unknown[]): void => this.write('error', message, rest);
  warn = (message: unknown, ...rest: unknown[]): void => this.write('warn', message, rest);
  debug = (message: unknown, ...rest: unknown[]): void => this.write('debug', message, rest);
  verbose = (message: unknown, ...rest: unknown[]): void => this.write('trace', message, rest);
  fatal = (message: unknown, ...rest: unknown[]): void => this.write('fatal', message, rest);

  private write(level: Level, message: unknown, rest: unknown[]): void {
    const texts = rest.filter((entry): entry is string => typeof entry === 'string');
    const context = texts.at(-1);
    if (message instanceof Error) this.pino[level]({ context, err: message }, message.message);
    else if (typeof message === 'object' && message !== null)
      this.pino[level]({ context, ...message }, texts.length > 1 ? texts[0] : undefined);
    // What Nest itself tells while it starts (modules, routes) is for debugging.
    else
      this.pino[level === 'info' && NEST_CONTEXTS.has(context ?? '') ? 'debug' : level]({ context }, String(message));
  }
}

const NEST_CONTEXTS = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestMicroservice',
]);
