/** The folder of a test run. Each project's set-up has modules of its own, and they run before the root's: what they share is the process. */
import { chmodSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const KEY = Symbol.for('latido.test.run-folder');
const shared = globalThis as { [KEY]?: string };

/** In memory where there is /dev/shm. The set-up of Postgres removes it at the end. */
export function runFolder(): string {
  if (shared[KEY] === undefined) {
    shared[KEY] = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'latido-test-'));
    chmodSync(shared[KEY], 0o755);
  }
  return shared[KEY];
}
