/** Understands the command line, runs the command and says how it went. */
import { parseArgs } from 'node:util';
import {
  BackupError,
  ConfigError,
  DatabaseRefusedError,
  DataFolderInUseError,
  DataFolderVersionError,
  DomainError,
  isDatabaseUnavailable,
  latidoVersion,
  loadConfig,
  NoDatabaseError,
} from '#platform';
import { CommandError, UsageError, type Command, type Outcome } from './command.js';
import { COMMON_OPTIONS, helpOn, helpOnAll } from './help.js';
import { barsOn } from './progress.js';

/** Where a command is called from. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Somebody watches `err`. */
  readonly attended: boolean;
  readonly signal: AbortSignal;
}

const DONE = 0;
const FAILED = 1;
const CALLED_WRONGLY = 2;

/** @returns the exit code */
export async function run(commands: readonly Command[], words: readonly string[], terminal: Terminal): Promise<number> {
  const wantsJson = words.includes('--json');
  try {
    const outcome = await perform(commands, words, terminal);
    terminal.out(`${wantsJson ? JSON.stringify(outcome.data, null, 2) : outcome.text}\n`);
    return outcome.failed ? FAILED : DONE;
  } catch (error) {
    terminal.err(
      wantsJson
        ? `${JSON.stringify({ error: { code: codeOf(error), message: messageOf(error) } })}\n`
        : `latido: ${messageOf(error)}\n`,
    );
    return error instanceof UsageError ? CALLED_WRONGLY : FAILED;
  }
}

async function perform(commands: readonly Command[], words: readonly string[], terminal: Terminal): Promise<Outcome> {
  const [first, second] = words;
  if (first === undefined) throw new UsageError('which command?');
  if (first === '--version') return { text: latidoVersion(), data: { version: latidoVersion() } };
  if (['--help', '-h', 'help'].includes(first)) return help(commands);
  const command = commands.find(({ name }) => name === first || name === `${first} ${second ?? ''}`);
  if (!command) {
    const group = commands.filter(({ name }) => name.startsWith(`${first} `));
    if (group.length > 0 && (second === '--help' || second === '-h')) return help(group);
    if (group.length > 0)
      throw new UsageError(`${first} is followed by ${group.map(({ name }) => name.split(' ')[1]).join(' or ')}`);
    throw new UsageError(`there is no command ${first}`);
  }
  const { values, positionals } = parse(command, words.slice(command.name.split(' ').length));
  if (values.help) return { text: helpOn(command), data: { help: helpOn(command) } };
  if (positionals.length !== command.arguments.length) {
    const expected = command.arguments.map(({ name }) => name).join(' ') || 'no argument';
    throw new UsageError(
      `${command.name} takes ${expected}, and was given ${positionals.length === 0 ? 'nothing' : positionals.join(' ')}`,
    );
  }
  return command.run({
    config: loadConfig(),
    arguments: positionals,
    options: values,
    progress: (line) => {
      if (terminal.attended) terminal.err(`${line}\n`);
    },
    bar: barsOn(terminal.err, terminal.attended),
    signal: terminal.signal,
  });
}

function help(commands: readonly Command[]): Outcome {
  return { text: helpOnAll(commands), data: { commands: commands.map(({ name, summary }) => ({ name, summary })) } };
}

function parse(
  command: Command,
  words: string[],
): { values: Record<string, string | boolean | undefined>; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(([name, { type }]) => [name, { type }]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: words,
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    return { values: values as Record<string, string | boolean | undefined>, positionals };
  } catch (error) {
    if (String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS'))
      throw new UsageError((error as Error).message);
    throw error;
  }
}

const FOR_OPERATORS = [
  UsageError,
  CommandError,
  ConfigError,
  BackupError,
  NoDatabaseError,
  DatabaseRefusedError,
  DataFolderInUseError,
  DataFolderVersionError,
  DomainError,
];
/** SQLSTATE: wrong role or password (28), no such database (3D), not allowed (42501). */
const REFUSED_BY_DATABASE = /^(28...|3D...|42501)$/;

/** Errors whose message is for the operator; any other is a fault of the program, and its stack helps to mend it. */
function isExpected(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  if (FOR_OPERATORS.some((kind) => error instanceof kind) || isDatabaseUnavailable(error)) return true;
  return error.name === 'AbortError' || typeof syscall === 'string' || REFUSED_BY_DATABASE.test(String(code));
}

function messageOf(error: unknown): string {
  if (error instanceof Error && error.name === 'AbortError')
    return 'stopped; nothing was changed, and no file was left behind';
  if (error instanceof UsageError) return `${error.message}. latido --help lists the commands`;
  if (error instanceof DomainError && error.extra.errors?.length) {
    return [error.message, ...error.extra.errors.map(({ pointer, detail }) => `  ${pointer} ${detail}`)].join('\n');
  }
  if (isExpected(error)) return error.message || String((error as { code?: unknown }).code);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function codeOf(error: unknown): string {
  if (error instanceof DomainError) return error.kind.code;
  return error instanceof UsageError ? 'USAGE' : 'FAILED';
}
