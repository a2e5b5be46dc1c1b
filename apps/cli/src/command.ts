/** What a command is: how it is called, what it does, and what it answers for people and for programs. */
import type { LatidoConfig } from '#platform';
import type { OpenBar } from './progress.js';

export interface CommandOption {
  /** A switch, or an option with a value. */
  readonly type: 'boolean' | 'string';
  /** What stands for the value in the help: `N`. */
  readonly value?: string;
  readonly description: string;
}

export interface Call {
  readonly config: LatidoConfig;
  /** As many as the command declares, in their order. */
  readonly arguments: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** Tells somebody who waits at a terminal how far it is. */
  readonly progress: (line: string) => void;
  /** A bar on a terminal, plain lines elsewhere; on standard error. */
  readonly bar: OpenBar;
  /** Aborted when the command is to stop. */
  readonly signal: AbortSignal;
}

export interface Outcome {
  /** For people, on standard output. */
  readonly text: string;
  /** The same for programs (`--json`). */
  readonly data: object;
  /** True when what was asked for did not come about: exit code 1. */
  readonly failed?: boolean;
}

export interface Command {
  /** One word or two: `backup`, `models publish`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly arguments: readonly { readonly name: string; readonly description: string }[];
  readonly options: Readonly<Record<string, CommandOption>>;
  /** What else one should know before using it. */
  readonly notes: readonly string[];
  run(call: Call): Promise<Outcome>;
}

/** Called with something it does not understand: exit code 2. The message says what. */
export class UsageError extends Error {}

/** It cannot be done, for a reason that is none of the program's fault: shown without a stack. */
export class CommandError extends Error {}

/** Lines of aligned columns, for people. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(cell.length, widest[index] ?? 0)),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
