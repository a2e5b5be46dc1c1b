/**
 * Builds the web console to apps/console/dist by Vite, with what compresses beside each file as browsers can take it.
 * `ensureConsoleBuilt()` does so only when a source is newer than the last build.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { fingerprint, takePlace } from './build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'apps/console');
const dist = join(folder, 'dist');
const stampPath = join(dist, '.build');
const vite = join(root, 'node_modules/vite/bin/vite.js');
/** Fonts are compressed as they are. */
const COMPRESSIBLE = /\.(html|js|css|svg)$/;

function filesBelow(place) {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The console's own, the client's, and the versions of packages. */
function allSources() {
  return [
    ...filesBelow(folder).filter((path) => !path.startsWith(dist) && !/\.spec\.tsx?$/.test(path)),
    ...filesBelow(join(root, 'clients/typescript/src')),
    join(root, 'package-lock.json'),
  ].sort();
}

async function compress(path) {
  const content = await readFile(path);
  const brotli = {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  };
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content, brotli),
    promisify(gzip)(content, { level: 9 }),
  ]);
  await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
}

/** In a process of its own: a bundler's memory is nothing that a server should keep, and tests' NODE_ENV would make React's slow half of it. */
async function bundle(print) {
  const draft = `${dist}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  const options = ['build', folder, '--outDir', draft, '--emptyOutDir', '--logLevel', 'warn'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [vite, ...options], {
    env: { ...process.env, NODE_ENV: 'production' },
  });
  process.stderr.write(stdout + stderr);
  // index.html is told a new nonce for each answer.
  const paths = filesBelow(draft).filter((path) => COMPRESSIBLE.test(path) && path !== join(draft, 'index.html'));
  await Promise.all(paths.map(compress));
  writeFileSync(join(draft, '.build'), print);
  takePlace(draft, dist);
}

/**
 * Builds what is not built. An installation without Vite (production dependencies only), or without the sources, serves the console that
 * it came with, or none.
 * @returns {Promise<boolean>} whether something was built
 */
export async function ensureConsoleBuilt() {
  if (!existsSync(vite) || !existsSync(join(folder, 'index.html'))) return false;
  const print = fingerprint(allSources());
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === print) return false;
  await bundle(print);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const startedAt = performance.now();
  const built = await ensureConsoleBuilt();
  const said = built ? `built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s` : 'up to date';
  console.log(existsSync(stampPath) ? `console: ${said}` : 'console: not here, and neither is what builds it');
}
