/**
 * The Postgres that comes with the installation: made, started, adopted after a crash, kept running and stopped, its data in
 * the data folder. It listens on loopback alone, on a free port, with random passwords.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type net from 'node:net';
import { totalmem } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isDatabaseUnavailable } from './database-errors.js';
import { freePort, isAlive, isPostgresOf } from './processes.js';
import { locatePostgres, postgresAccount, type PostgresAccount, type PostgresBinaries } from './postgres-binaries.js';

const DATABASE = 'latido';
const OWNER = 'latido_owner';
const APPLICATION = 'latido_app';
/** Advisory lock "this data folder is in use by a Latido"; its holder is found by application_name. */
const INSTANCE_LOCK = 4_702_111_234_002;
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 8_000;

export interface EmbeddedPostgresOptions {
  /** Absolute path of the data directory. */
  readonly directory: string;
  /** The password of a role: superuser, owner, application. */
  readonly password: (role: string) => string;
  /** What Postgres or its supervision has to say. */
  readonly onEvent?: (message: string) => void;
  /** Connections that it accepts, at most. Default 100. */
  readonly connections?: number;
  /** Interrupts the start, with its reason. */
  readonly stop?: AbortSignal;
  /** For tests: no fsync. Never for data that matters. */
  readonly volatile?: boolean;
}

/** The folder is in use by another running Latido. */
export class DataFolderInUseError extends Error {}

/** The folder was made by another major version of Postgres. */
export class DataFolderVersionError extends Error {}

const MIB = 2 ** 20;
/** Postgres' own default; and more than it takes to hold the pages in which new predictions of a hundred thousand users are indexed. */
const SHARED_BUFFERS_MB = { least: 128, most: 1_024 };

/** An eighth of the memory that there is: the server beside it needs some, and Postgres reads through the system's cache as well. */
function sharedBuffersMb(): number {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return Math.max(SHARED_BUFFERS_MB.least, Math.min(SHARED_BUFFERS_MB.most, Math.floor(memory / 8 / MIB)));
}

export class EmbeddedPostgres {
  private child: ChildProcess | undefined;
  private session: pg.Client | undefined;
  private stopping = false;
  private readonly log: string[] = [];

  private constructor(
    private readonly options: EmbeddedPostgresOptions,
    private readonly binaries: PostgresBinaries,
    private readonly account: PostgresAccount,
    private port: number,
  ) {}

  /**
   * Starts Postgres on the folder, making it first when it is new; adopts one that outlived a killed parent.
   * @throws DataFolderInUseError, DataFolderVersionError, or an Error with Postgres' last words.
   */
  static async start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const binaries = locatePostgres();
    const parent = dirname(options.directory);
    mkdirSync(parent, { recursive: true, mode: 0o755 });
    const account = postgresAccount(binaries, parent);
    const server = new EmbeddedPostgres(options, binaries, account, 0);
    server.checkVersion();
    const runningPort = server.postmaster()?.port;
    if (runningPort) {
      server.port = runningPort;
    } else {
      if (!existsSync(join(options.directory, 'PG_VERSION'))) await server.initialise();
      options.stop?.throwIfAborted();
      server.port = await freePort();
      server.spawnPostmaster();
    }
    try {
      await server.connect();
      await server.ensureRoles();
    } catch (error) {
      if (error instanceof DataFolderInUseError) server.letGo();
      else await server.stop();
      throw error;
    }
    return server;
  }

  /**
   * The Postgres that a running Latido keeps on the folder, for a command that works beside it: neither locked nor supervised, and
   * not to be stopped. Undefined when none runs.
   * @throws Error when it runs but does not let the owner in.
   */
  static async running(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres | undefined> {
    const binaries = locatePostgres();
    const server = new EmbeddedPostgres(options, binaries, postgresAccount(binaries, dirname(options.directory)), 0);
    for (const deadline = Date.now() + START_TIMEOUT_MS; ; await sleep(100)) {
      const found = server.postmaster();
      if (!found) return undefined;
      server.port = found.port;
      const client = new pg.Client({ connectionString: server.ownerUrl, connectionTimeoutMillis: 2_000 });
      client.on('error', () => undefined); // connecting fails with it
      try {
        await client.connect();
        await client.end();
        return server;
      } catch (error) {
        // Starting, recovering from a crash or stopping: all of them pass.
        if (Date.now() > deadline || !isDatabaseUnavailable(error)) throw error;
      }
    }
  }

  get ownerUrl(): string {
    return this.url(OWNER, DATABASE);
  }

  get applicationUrl(): string {
    return this.url(APPLICATION, DATABASE);
  }

  /** As superuser, on the maintenance database: tests make their own databases with it. */
  get superuserUrl(): string {
    return this.url('postgres', 'postgres');
  }

  /** Ends all sessions and stops the server (fast shutdown), whoever started it. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.session?.end().catch(() => undefined); // the server may already be gone
    process.removeListener('exit', this.interrupt);
    const pid = this.postmaster()?.pid ?? this.child?.pid;
    if (pid === undefined || !isAlive(pid)) return;
    process.kill(pid, 'SIGINT');
    for (const deadline = Date.now() + STOP_TIMEOUT_MS; isAlive(pid) && Date.now() < deadline;) await sleep(20);
    if (isAlive(pid)) process.kill(pid, 'SIGQUIT');
  }

  /** Another Latido took the folder first, perhaps with the Postgres that was started here: it is that one's now. */
  private letGo(): void {
    process.removeListener('exit', this.interrupt);
    this.child = undefined;
  }

  private url(role: string, database: string): string {
    return `postgres://${role}:${encodeURIComponent(this.options.password(role))}@127.0.0.1:${this.port}/${database}`;
  }

  private say(message: string): void {
    this.options.onEvent?.(message);
  }

  private checkVersion(): void {
    const path = join(this.options.directory, 'PG_VERSION');
    if (!existsSync(path)) return;
    const found = readFileSync(path, 'utf8').trim();
    if (Number(found) === this.binaries.major) return;
    throw new DataFolderVersionError(
      `${this.options.directory} was made by Postgres ${found}, and this version of Latido brings Postgres ${this.binaries.major}. ` +
        'Nothing was changed. With the version of Latido that made it run `npm run latido -- backup FILE`; then start this version ' +
        'with another DATA_DIR and run `npm run latido -- restore FILE`.',
    );
  }

  /** The process that holds the folder, by Postgres' own lock file, if it is alive. */
  private postmaster(): { pid: number; port: number } | undefined {
    const path = join(this.options.directory, 'postmaster.pid');
    if (!existsSync(path)) return undefined;
    const lines = readFileSync(path, 'utf8').split('\n');
    const pid = Number(lines[0]);
    const port = Number(lines[3]);
    return pid > 0 && port > 0 && isAlive(pid) && isPostgresOf(this.options.directory, pid) ? { pid, port } : undefined;
  }

  /** Makes the data directory beside its place and moves it there whole, so that a crash leaves no half-made one. */
  private async initialise(): Promise<void> {
    this.removeAbandonedDrafts();
    const draft = `${this.options.directory}.${process.pid}.new`;
    const passwordFile = `${draft}.pw`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { mode: 0o700 });
    writeFileSync(passwordFile, this.options.password('postgres'), { mode: 0o600 });
    if (this.account.uid !== undefined)
      for (const path of [draft, passwordFile]) chownSync(path, this.account.uid, this.account.gid!);
    try {
      const { file, args, options } = this.account.command(this.binaries.initdb, [
        '-D',
        draft,
        '-U',
        'postgres',
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
        '--no-instructions',
        ...(this.options.volatile ? ['--no-sync'] : []),
      ]);
      await new Promise<void>((resolve, reject) => {
        const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
        this.capture(child);
        const interrupt = (): boolean => child.kill('SIGINT');
        this.options.stop?.addEventListener('abort', interrupt);
        child.once('close', () => this.options.stop?.removeEventListener('abort', interrupt));
        child.once('error', reject);
        child.once('close', (code) =>
          code === 0 ? resolve() : reject(new Error(`initdb failed: ${this.lastWords()}`)),
        );
      });
      renameSync(draft, this.options.directory);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      // Another start was faster: its directory is as good.
      if (!existsSync(join(this.options.directory, 'PG_VERSION'))) throw error;
    } finally {
      rmSync(passwordFile, { force: true });
    }
  }

  /** What a start that was killed while it made the directory left behind. */
  private removeAbandonedDrafts(): void {
    const prefix = `${basename(this.options.directory)}.`;
    for (const name of readdirSync(dirname(this.options.directory))) {
      const pid = name.startsWith(prefix)
        ? Number(/^(\d+)\.new(\.pw)?$/.exec(name.slice(prefix.length))?.[1] ?? NaN)
        : NaN;
      if (pid > 0 && !isAlive(pid))
        rmSync(join(dirname(this.options.directory), name), { recursive: true, force: true });
    }
  }

  /** Postgres itself refuses to start while the process that its lock file names is alive, whoever that is by now. */
  private removeForeignLock(): void {
    const path = join(this.options.directory, 'postmaster.pid');
    if (!existsSync(path)) return;
    const pid = Number(readFileSync(path, 'utf8').split('\n')[0]);
    // One that was killed and not yet buried is no Postgres either, and Postgres counts it as alive.
    if (pid > 0 && !(isAlive(pid) && isPostgresOf(this.options.directory, pid))) rmSync(path, { force: true });
  }

  private spawnPostmaster(): void {
    this.removeForeignLock();
    const settings: Record<string, string> = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: String(this.options.connections ?? 100),
      shared_buffers: `${sharedBuffersMb()}MB`,
      // Fewer full-page images between checkpoints; measured to lower the tail of commit times.
      max_wal_size: '4GB',
      checkpoint_timeout: '15min',
      // A commit that begins a new segment of the log would wait, several times as long as others do, until it is full of zeros.
      wal_init_zero: 'off',
      ...(this.options.volatile ? { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' } : {}),
    };
    const { file, args, options } = this.account.command(this.binaries.postgres, [
      '-D',
      this.options.directory,
      '-p',
      String(this.port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ]);
    // A session of its own: Ctrl-C in the terminal is for Latido, which then stops Postgres after its last write.
    const child = spawn(file, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.capture(child);
    child.on('error', (error) => this.log.push(error.message));
    child.unref();
    for (const stream of [child.stdout, child.stderr]) (stream as net.Socket | null)?.unref();
    this.child = child;
    process.removeListener('exit', this.interrupt);
    process.on('exit', this.interrupt);
  }

  /** When this process ends by an uncaught error, Postgres ends too. */
  private readonly interrupt = (): void => {
    this.child?.kill('SIGINT');
  };

  private capture(child: ChildProcess): void {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.log.push(
          ...chunk
            .toString('utf8')
            .split('\n')
            .filter((line) => line !== ''),
        );
        this.log.splice(0, Math.max(0, this.log.length - 50));
      });
    }
  }

  private lastWords(): string {
    return this.log.slice(-6).join(' | ') || 'it said nothing';
  }

  /** Connects as superuser once Postgres accepts, takes the instance lock and watches the connection. */
  private async connect(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      const client = new pg.Client({
        connectionString: this.superuserUrl,
        connectionTimeoutMillis: 2_000,
        application_name: `latido instance ${process.pid}`,
      });
      client.on('error', () => undefined); // its `end` is what is acted on
      try {
        await client.connect();
        const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [
          INSTANCE_LOCK,
        ]);
        if (!rows[0]?.held) {
          const holder = await this.lockHolder(client);
          await client.end();
          throw new DataFolderInUseError(
            `${dirname(this.options.directory)} is in use by another Latido (${holder}). Stop it first, or set another DATA_DIR.`,
          );
        }
        this.session = client;
        client.once('end', () => void this.recover());
        return;
      } catch (error) {
        if (error instanceof DataFolderInUseError) throw error;
        const faster = this.child && this.child.exitCode !== null ? this.postmaster() : undefined;
        if (faster) {
          // Another start brought Postgres up on the folder: ask that one who holds it.
          this.child = undefined;
          this.port = faster.port;
          continue;
        }
        const gone = this.child ? this.child.exitCode !== null : !this.postmaster();
        if (gone || Date.now() > deadline)
          throw new Error(`Postgres did not start: ${this.lastWords()} (${(error as Error).message})`, {
            cause: error,
          });
        await sleep(15);
      }
    }
  }

  private async lockHolder(client: pg.Client): Promise<string> {
    const { rows } = await client.query<{ application_name: string }>(
      "SELECT a.application_name FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid WHERE l.locktype = 'advisory' AND a.application_name LIKE 'latido instance %' LIMIT 1",
    );
    return rows[0]?.application_name.replace('latido instance', 'process') ?? 'an unknown process';
  }

  /** The superuser's connection ended and nobody asked for it: bring Postgres back on the same port. */
  private async recover(): Promise<void> {
    for (let attempt = 0; !this.stopping; attempt += 1) {
      this.say(`lost Postgres, bringing it back (attempt ${attempt + 1}): ${this.lastWords()}`);
      try {
        if (!this.postmaster()) this.spawnPostmaster();
        await this.connect();
        this.say('Postgres is back');
        return;
      } catch (error) {
        this.say(`Postgres did not come back: ${(error as Error).message}`);
        await sleep(Math.min(5_000, 250 * 2 ** attempt));
      }
    }
  }

  private async ensureRoles(): Promise<void> {
    const session = this.session!;
    for (const role of [OWNER, APPLICATION]) {
      const { rowCount } = await session.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
      const verb = rowCount ? 'ALTER' : 'CREATE';
      await session.query(
        `${verb} ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${session.escapeLiteral(this.options.password(role))}`,
      );
    }
    const { rowCount } = await session.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (!rowCount) await session.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
  }
}
