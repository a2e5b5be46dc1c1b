/** The text of `--help`, made from the commands' own declarations. */
import { columns, type Command } from './command.js';

/** Every command has these. */
export const COMMON_OPTIONS = {
  json: { type: 'boolean', description: 'Answer JSON on standard output' },
  help: { type: 'boolean', description: 'Show this and do nothing' },
} as const;

const FOOTER = [
  'Configuration is read from the environment and .env, as the server does: DATABASE_URL or DATA_DIR say which database is meant.',
  'A command works beside a running server; where none runs on DATA_DIR, it starts the database for itself.',
  '',
  'Exit codes: 0 done, 1 failed, 2 called wrongly.',
];

export function helpOnAll(commands: readonly Command[]): string {
  const rows = commands.map((command) => [`  ${synopsis(command)}`, command.summary]);
  return [
    'Usage: latido COMMAND [OPTIONS]',
    '',
    columns(rows),
    '',
    'latido COMMAND --help tells more.',
    '',
    ...FOOTER,
  ].join('\n');
}

export function helpOn(command: Command): string {
  const given = command.arguments.map(({ name, description }) => [`  ${name}`, description]);
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(([name, option]) => [
    `  --${name}${'value' in option && option.value !== undefined ? ` ${option.value}` : ''}`,
    option.description,
  ]);
  const notes = command.notes.flatMap((note) => ['', note]);
  return [
    `Usage: latido ${synopsis(command)} [OPTIONS]`,
    '',
    `${command.summary}.`,
    ...notes,
    '',
    columns([...given, ...options]),
  ].join('\n');
}

function synopsis(command: Command): string {
  return [command.name, ...command.arguments.map(({ name }) => name)].join(' ');
}
