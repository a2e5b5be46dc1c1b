/** Runs the `latido` command as its own process, built from these sources. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** @param folder where it is called */
export function runLatido(
  folder: string,
  words: readonly string[],
  environment: Record<string, string> = {},
  started?: (command: ChildProcess) => void,
): Promise<Ended> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...environment };
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [join(ROOT, 'scripts/latido.mjs'), ...words], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.once('error', failed);
    child.once('close', (code) => done({ code, out, err }));
    started?.(child);
  });
}
