/**
 * Compiles apps, libs and migrations to dist/ with SWC. `ensureBuilt()` does so only when a source is newer than the last build.
 * A build goes to a folder of its own and takes dist's place whole, so that two starts at once do not meet half of one.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const SOURCES = ['apps', 'libs', 'migrations'];
/** Runs in browsers, and is built by build-console.mjs. */
const CONSOLE = join(root, 'apps/console');

function* sourceFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && path !== CONSOLE) yield* sourceFiles(path);
    else if (/\.(ts|json)$/.test(entry.name) && !/\.(spec|d)\.ts$/.test(entry.name)) yield path;
  }
}

function allSources() {
  return SOURCES.filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => [...sourceFiles(join(root, folder))])
    .sort();
}

/** Changes when a source changes: names, sizes and times of all of them. */
export function fingerprint(files) {
  const hash = createHash('sha256');
  for (const path of files) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function stampPath() {
  return join(dist, '.build');
}

function isCurrent(print) {
  return existsSync(stampPath()) && readFileSync(stampPath(), 'utf8') === print;
}

async function compile(files, print) {
  const { transform } = await import('@swc/core');
  const options = { ...JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8')), swcrc: false };
  delete options.$schema;
  const draft = join(root, `dist.${process.pid}`);
  rmSync(draft, { recursive: true, force: true });
  for (const path of files) {
    const relative = path.slice(root.length + 1);
    const target = join(draft, relative.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    if (extname(path) === '.json') {
      writeFileSync(target, readFileSync(path));
      continue;
    }
    const { code, map } = await transform(readFileSync(path, 'utf8'), {
      ...options,
      filename: path,
      sourceFileName: path,
    });
    writeFileSync(target, `${code}\n//# sourceMappingURL=${relative.split('/').pop().replace(/\.ts$/, '.js.map')}\n`);
    if (map) writeFileSync(`${target}.map`, map);
  }
  writeFileSync(join(draft, '.build'), print);
  takePlace(draft, dist);
}

/** A folder takes the place of another, which goes. */
export function takePlace(draft, place) {
  const old = `${place}.${process.pid}.old`;
  if (existsSync(place)) renameSync(place, old);
  renameSync(draft, place);
  rmSync(old, { recursive: true, force: true });
}

/**
 * Builds what is not built. An installation without the compiler (production dependencies only) runs the dist it came with.
 * @returns {Promise<boolean>} whether something was built
 */
export async function ensureBuilt() {
  const files = allSources();
  const print = fingerprint(files);
  if (isCurrent(print)) return false;
  if (!existsSync(join(root, 'node_modules/@swc/core/package.json'))) {
    if (existsSync(stampPath())) return false;
    console.error(
      'Latido is not built, and its compiler is not installed (NODE_ENV=production and --omit=dev leave it out). Run: npm ci --include=dev',
    );
    process.exit(1);
  }
  await compile(files, print);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const startedAt = performance.now();
  const built = await ensureBuilt();
  console.log(built ? `built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s` : 'up to date');
}
