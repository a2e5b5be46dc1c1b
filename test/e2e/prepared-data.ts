/**
 * A data folder as the first start leaves it, for servers whose first start is not what is tested: it is made once in a run, by the first
 * that wants one, and copied.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';

const DEADLINE_MS = 120_000;

/** A server on a folder of its own, which has not been started. */
interface Preparing {
  readonly folder: string;
  start(): Promise<unknown>;
  stop(): Promise<unknown>;
  remove(): Promise<void>;
}

/** @param runFolder the run's, which a global set-up has to hand over */
export async function copyPreparedData(
  target: string,
  made: () => Preparing,
  runFolder = inject('runFolder'),
): Promise<void> {
  const prepared = join(runFolder, 'first-start');
  if (!existsSync(prepared)) await prepareOnce(prepared, made);
  // The owners as well: the built-in Postgres may run as another user.
  execFileSync('cp', ['-a', prepared, target]);
}

async function prepareOnce(prepared: string, made: () => Preparing): Promise<void> {
  const claim = `${prepared}.claim`;
  for (const deadline = performance.now() + DEADLINE_MS; !existsSync(prepared); await sleep(50)) {
    if (performance.now() > deadline) throw new Error('no prepared data folder came about');
    if (!claimed(claim)) continue;
    try {
      if (!existsSync(prepared)) await prepare(prepared, made());
    } finally {
      rmSync(claim, { recursive: true, force: true });
    }
  }
}

async function prepare(prepared: string, server: Preparing): Promise<void> {
  try {
    await server.start();
    await server.stop();
    renameSync(join(server.folder, 'data'), prepared);
  } finally {
    await server.remove();
  }
}

function claimed(claim: string): boolean {
  try {
    mkdirSync(claim);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
