/**
 * `npm run check:console`: what a browser must load before the console shows anything, compressed by gzip, and the pages that come when one
 * goes there. Fails where the first is more than the bound.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { ensureConsoleBuilt } from './build-console.mjs';

const MOST_KB = 250;
const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), 'apps/console/dist');

await ensureConsoleBuilt();
if (!existsSync(join(dist, 'index.html'))) throw new Error('the console is not built, and Vite is not installed');

const kilobytes = (path) =>
  (existsSync(join(dist, `${path}.gz`))
    ? readFileSync(join(dist, `${path}.gz`))
    : gzipSync(readFileSync(join(dist, path)), { level: 9 })
  ).length / 1000;
const show = (path, size) => console.log(`${size.toFixed(1).padStart(8)} kB  ${path}`);

const page = readFileSync(join(dist, 'index.html'), 'utf8');
// The page names its script, all that this imports statically, and their styles.
const first = [
  'index.html',
  ...[...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path),
];
let total = 0;
for (const path of first) {
  total += kilobytes(path);
  show(path, kilobytes(path));
}
show(`before anything is shown; at most ${MOST_KB}`, total);

const assets = readdirSync(join(dist, 'assets')).map((name) => `assets/${name}`);
const font = assets.find((path) => /inter-latin-wght-normal.*\.woff2$/.test(path));
if (font) show(`${font}, which letters wait for in the machine's own`, readFileSync(join(dist, font)).length / 1000);

console.log('\nWhen one goes there:');
const later = assets.filter((path) => /\.(js|css)$/.test(path) && !first.includes(path));
for (const path of later.sort((a, b) => kilobytes(b) - kilobytes(a))) show(path, kilobytes(path));

if (total > MOST_KB) {
  console.error(`\nThe first view of the console loads ${total.toFixed(1)} kB, more than ${MOST_KB} kB.`);
  process.exitCode = 1;
}
