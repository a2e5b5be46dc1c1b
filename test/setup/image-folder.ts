/**
 * The image's folder without Docker: what the Dockerfile says, done by hand in a clean folder, and processes run there as a container
 * runs them, as far as the machine lets that be done.
 */
import { execFile, spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const ROOT = resolve(import.meta.dirname, '../..');

export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** Stages of a Dockerfile, each from its FROM on, with continued lines joined and comments left out. */
export function stagesOf(dockerfile: string): Instruction[][] {
  const text = dockerfile
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '');
  const stages: Instruction[][] = [];
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const [, name, rest] = /^([A-Z]+)\s+(.*)$/.exec(line)!;
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name: name!, text: rest! });
  }
  return stages;
}

export const [buildStage, lastStage] = stagesOf(readFileSync(join(ROOT, 'docker/Dockerfile'), 'utf8')) as [
  Instruction[],
  Instruction[],
];

/** Of the last stage, the words of an instruction in JSON form: CMD, ENTRYPOINT, or what comes after CMD in HEALTHCHECK. */
export function words(name: string): string[] {
  const { text } = lastStage.find((instruction) => instruction.name === name)!;
  return JSON.parse(text.slice(text.indexOf('['))) as string[];
}

function linkTree(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  // Hard links, where both are on one file system: a gigabyte is not copied.
  if (spawnSync('cp', ['-al', from, to], { stdio: 'ignore' }).status === 0) return;
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}

/** What `COPY . .` takes: all but what .dockerignore names. */
function copyContext(to: string): void {
  const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  const ignored = new Set(lines.filter(Boolean).map((name) => join(ROOT, name)));
  cpSync(ROOT, to, { recursive: true, verbatimSymlinks: true, filter: (path) => !ignored.has(path) });
}

export class ImageFolder {
  /** On a disk: programs are run from it. Not in /tmp, which is another one to what runs here. */
  readonly folder = mkdtempSync(join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), 'latido-image-'));
  /** WORKDIR of the image. */
  readonly app = join(this.folder, 'app');
  readonly node = join(this.folder, 'bin/node');

  constructor() {
    chmodSync(this.folder, 0o755);
  }

  /**
   * Runs the build stage, but for what `npm ci` brings: those packages are the project's own, and are taken from there. That it takes the
   * files which the stage has by then, and no more, is seen without the network.
   */
  async build(): Promise<void> {
    const stage = join(this.folder, 'build');
    await this.installDry();
    copyContext(stage);
    linkTree(join(ROOT, 'node_modules'), join(stage, 'node_modules'));
    // npm writes this one file in place: not through the link.
    const list = join(stage, 'node_modules/.package-lock.json');
    rmSync(list);
    copyFileSync(join(ROOT, 'node_modules/.package-lock.json'), list);
    for (const { name, text } of buildStage) {
      if (name !== 'RUN' || / npm ci /.test(text)) continue;
      await run('sh', ['-c', text], { cwd: stage, maxBuffer: 2 ** 26 });
    }
    for (const { name, text } of lastStage) {
      const copied = name === 'COPY' ? /^--from=build ((?:\/app\/\S+ )+)\.\/(\S*)$/.exec(text) : null;
      for (const source of copied?.[1]!.trim().split(' ') ?? []) {
        const path = source.slice('/app/'.length);
        const into = join(this.app, copied![2]!);
        // As Docker does it: a file goes into a folder that ends with a slash, a folder's content into the one that is named.
        const target = copied![2] === '' || copied![2]!.endsWith('/') ? join(into, path.split('/').at(-1)!) : into;
        linkTree(join(stage, path), target);
      }
    }
    mkdirSync(dirname(this.node), { recursive: true });
    copyFileSync(process.execPath, this.node);
    rmSync(stage, { recursive: true, force: true });
  }

  private async installDry(): Promise<void> {
    const before = buildStage.findIndex(({ name, text }) => name === 'RUN' && / npm ci /.test(text));
    const command = /npm ci .*$/.exec(buildStage[before]!.text)![0];
    const folder = join(this.folder, 'install');
    mkdirSync(folder);
    for (const { text } of buildStage.slice(0, before).filter(({ name }) => name === 'COPY'))
      for (const name of text.split(' ').slice(0, -1)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        copyFileSync(join(ROOT, name), join(folder, name));
      }
    await run('sh', ['-c', `${command} --dry-run --offline`], { cwd: folder, maxBuffer: 2 ** 26, timeout: 120_000 });
    rmSync(folder, { recursive: true });
  }

  /** A folder for a container's volume, which whoever runs in it owns. */
  volume(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(path, { mode: 0o777 });
    chmodSync(path, 0o777);
    return path;
  }

  /**
   * Starts the image's program with these words. Where `confined`, as a container does it: nobody's account, no capability, and a file
   * system in which the volume and /tmp alone can be written to.
   */
  start(command: readonly string[], environment: Record<string, string>, volume: string): ChildProcess {
    const full = [this.node, ...command];
    const env = { PATH: '/usr/bin:/bin', NODE_ENV: 'production', DATA_DIR: volume, ...environment };
    const options: SpawnOptions = { cwd: this.app, env, stdio: ['ignore', 'pipe', 'pipe'] };
    if (!confined) return spawn(full[0]!, full.slice(1), options);
    const script = `
      mount --bind "$1" "$1" && mount -t tmpfs -o mode=1777 tmpfs /tmp && mount -o remount,ro,bind / || exit 70
      shift
      cd "$1" && shift
      exec setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs "$@"`;
    const inNamespace = ['-m', '--propagation', 'private', 'sh', '-c', script, 'sh', volume, this.app, ...full];
    return spawn('unshare', inNamespace, options);
  }

  /** Runs a program of Node in the image's folder to its end. */
  async ends(
    command: readonly string[],
    environment: Record<string, string>,
    volume: string,
  ): Promise<{ readonly code: number | null; readonly output: string }> {
    const child = this.start(command, environment, volume);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += String(chunk)));
    const code = await new Promise<number | null>((done) => child.once('close', done));
    return { code, output };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Whether processes can be given a file system that is read-only: Linux, as root. */
export const confined =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-m', '--propagation', 'private', 'sh', '-c', 'mount -o remount,ro,bind /']).status === 0 &&
  spawnSync('setpriv', ['--version']).status === 0;
if (!confined)
  console.warn('No mount namespace can be made here: the image is run with a file system that can be written to.');
