/**
 * Python packages from PyPI for tests of other people's clients and servers: a virtual environment of each set of packages, below the
 * machine's folder for temporary files, made once and used again. Tests that need one skip, and say so, where it cannot be had.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 240_000;

/** The environment's python, with exactly these packages asked for; undefined, with a warning, where there is none. */
export async function pythonWith(...packages: readonly string[]): Promise<string | undefined> {
  const { uid } = userInfo();
  const name = createHash('sha256').update(packages.join('\n')).digest('hex').slice(0, 12);
  const folder = join(tmpdir(), `latido-python-${uid}-${name}`);
  const python = join(folder, 'bin/python');
  const complete = join(folder, 'complete');
  try {
    // Somebody else's folder of this name is not run.
    if (existsSync(folder) && statSync(folder).uid !== uid) throw new Error(`${folder} is not one's own`);
    if (existsSync(complete)) return python;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { mode: 0o700 });
    await run('python3', ['-m', 'venv', folder], { timeout: INSTALL_TIMEOUT_MS });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
    await run(python, pip, { timeout: INSTALL_TIMEOUT_MS });
    writeFileSync(complete, '');
    return python;
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    console.warn(
      `No Python with ${packages.join(' and ')} on this machine: the tests that need it are skipped (${reason}).`,
    );
    return undefined;
  }
}
