/**
 * Python packages from PyPI for tests of other people's clients and servers: a virtual environment of each set of packages, made once and
 * used again. Tests that need one skip, and say so, where it cannot be had.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { cached, runStep, STEP_TIMEOUT_MS } from './download-cache.js';

/**
 * The environment's python, with exactly these packages asked for; undefined, with a warning, where there is none. For a `beforeAll` with
 * FETCH_TIMEOUT_MS.
 * @param timeout of a step, in milliseconds
 */
export async function pythonWith(packages: readonly string[], timeout = STEP_TIMEOUT_MS): Promise<string | undefined> {
  const name = `python-${createHash('sha256').update(packages.join('\n')).digest('hex').slice(0, 12)}`;
  try {
    const folder = await cached(name, async (made) => {
      const python = join(made, 'bin/python');
      await runStep('python3', ['-m', 'venv', '--without-pip', made], made, timeout);
      // The machine's pip, where it can do that: one of its own takes longer than most packages.
      let pip = ['python3', '-m', 'pip', '--python', python];
      const there = await runStep(pip[0]!, [...pip.slice(1), '--version'], made, timeout).then(
        () => true,
        () => false,
      );
      if (!there) {
        await runStep(python, ['-m', 'ensurepip'], made, timeout);
        pip = [python, '-m', 'pip'];
      }
      const once = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '10'];
      await runStep(pip[0]!, [...pip.slice(1), 'install', ...once, ...packages], made, timeout);
    });
    return join(folder, 'bin/python');
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    console.warn(
      `No Python with ${packages.join(' and ')} on this machine: the tests that need it are skipped (${reason}).`,
    );
    return undefined;
  }
}
