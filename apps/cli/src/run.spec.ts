import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BackupError, DomainError, latidoVersion, platformErrors } from '#platform';
import { commands } from './all-commands.js';
import { CommandError, UsageError, type Call, type Command, type Outcome } from './command.js';
import { run } from './run.js';

/** A command that answers its call, or does what the test says. */
function command(
  name: string,
  answer: (call: Call) => Promise<Outcome> = ({ arguments: given, options }) =>
    Promise.resolve({ text: 'done', data: { given, options } }),
): Command {
  return {
    name,
    summary: `Does ${name}`,
    arguments: [{ name: 'FILE', description: 'A file' }],
    options: { days: { type: 'string', value: 'N', description: 'Days' } },
    notes: ['Note.'],
    run: answer,
  };
}

async function called(
  words: string[],
  from: readonly Command[] = [command('copy'), command('models publish'), command('models list')],
) {
  const written = { out: '', err: '' };
  const code = await run(from, words, {
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
    attended: false,
    signal: new AbortController().signal,
  });
  return { code, ...written };
}

describe('the command line', () => {
  it('runs the command with its arguments and options', async () => {
    expect(await called(['copy', 'a', '--days', '3', '--json'])).toMatchObject({
      code: 0,
      out: JSON.stringify({ given: ['a'], options: { days: '3', json: true } }, null, 2) + '\n',
      err: '',
    });
    expect(await called(['models', 'publish', 'a'])).toEqual({ code: 0, out: 'done\n', err: '' });
  });

  it('knows how to help', async () => {
    expect((await called(['--help'])).out).toContain('models publish FILE');
    expect(await called(['copy', '--help'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Usage: latido copy FILE[^]*Note\.[^]*--days N {2}Days/),
    });
    expect((await called(['models', '--help'])).out).not.toContain('copy');
    expect((await called(['--version'])).out).toBe(`${latidoVersion()}\n`);
  });

  it.each([
    [[], 'which command'],
    [['frob'], 'no command frob'],
    [['models'], 'models is followed by publish or list'],
    [['copy'], 'takes FILE, and was given nothing'],
    [['copy', 'a', 'b'], 'was given a b'],
    [['copy', 'a', '--frob'], "Unknown option '--frob'"],
    [['copy', 'a', '--days'], 'argument missing'],
  ])('answers %j with what is wrong and exit code 2', async (words, reason) => {
    const { code, out, err } = await called(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(reason);
  });

  it('answers 1 when what was asked for did not come about', async () => {
    const rejecting = command('copy', () => Promise.resolve({ text: 'rejected', data: {}, failed: true }));
    expect(await called(['copy', 'a'], [rejecting])).toEqual({ code: 1, out: 'rejected\n', err: '' });
  });

  it('shows an error for the operator without a stack, and a fault of the program with it', async () => {
    const failing = (error: Error) => called(['copy', 'a'], [command('copy', () => Promise.reject(error))]);
    expect(await failing(new CommandError('it cannot'))).toEqual({ code: 1, out: '', err: 'latido: it cannot\n' });
    expect(await failing(new BackupError('cut off'))).toEqual({ code: 1, out: '', err: 'latido: cut off\n' });
    expect((await failing(new UsageError('not so'))).code).toBe(2);
    const faults = new DomainError(platformErrors.INVALID_REQUEST, 'Two faults.', {
      errors: [{ pointer: '/name', detail: 'is missing' }],
    });
    expect((await failing(faults)).err).toBe('latido: Two faults.\n  /name is missing\n');
    expect((await failing(new TypeError('x is undefined'))).err).toMatch(/TypeError: x is undefined\n\s+at /);
  });

  it('says it in JSON to a program', async () => {
    const failing = command('copy', () => Promise.reject(new DomainError(platformErrors.NOT_FOUND, 'There is none.')));
    expect(JSON.parse((await called(['copy', 'a', '--json'], [failing])).err)).toEqual({
      error: { code: 'NOT_FOUND', message: 'There is none.' },
    });
  });
});

describe('a wrong configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latido-cli-'));
  const before = process.cwd();
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  });

  it('is told by name, without a stack', async () => {
    writeFileSync(join(folder, '.env'), 'PORT=many\n');
    process.chdir(folder);
    expect(await called(['copy', 'a'])).toEqual({
      code: 1,
      out: '',
      err: 'latido: The configuration is not usable:\n  - PORT must be a whole number from 0 to 65535. It is "many". Example: PORT=3000\n',
    });
  });
});

it('declares every command so that its help is complete', () => {
  for (const { name, summary, notes } of commands) {
    expect(name).toMatch(/^[a-z]+( [a-z-]+)?$/);
    expect(summary).toMatch(/^[A-Z].*[^.]$/);
    expect(notes.every((note) => note.endsWith('.'))).toBe(true);
  }
});
