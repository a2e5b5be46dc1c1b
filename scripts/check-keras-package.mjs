/**
 * Packs libs/keras as it would be published, puts it into an empty folder beside what it says it depends on, and imports a
 * model with it there.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const library = join(root, 'libs/keras');
const folder = mkdtempSync(join(tmpdir(), 'latido-keras-package-'));
const path = `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
const run = (command, words, cwd) =>
  execFileSync(command, words, {
    cwd,
    env: { ...process.env, PATH: path },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });

try {
  rmSync(join(library, 'dist'), { recursive: true, force: true });
  // `npm run` hands the project's ignore-scripts on to npm pack: what its prepack does is done here.
  run('tsc', ['-p', 'tsconfig.json'], library);
  const [packed] = JSON.parse(
    run('npm', ['pack', '--ignore-scripts', '--json', '--silent', '--pack-destination', folder], library),
  );
  const installed = join(folder, 'node_modules/@latido/keras');
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', join(folder, packed.filename), '-C', installed, '--strip-components=1'], folder);
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies))
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  const model = join(root, 'test/golden/keras/mlp-6-14-7-1-k3_15-keras.keras');
  const script = `import { readFileSync } from 'node:fs';
import { importKeras, writeOnnx } from '@latido/keras';
const graph = await importKeras(readFileSync(${JSON.stringify(model)}));
console.log(graph.nodes.length, 'layers,', writeOnnx(graph).length, 'bytes of ONNX');`;
  writeFileSync(join(folder, 'use.mjs'), script);
  process.stdout.write(`${packed.filename}, ${packed.size} bytes: ${run(process.execPath, ['use.mjs'], folder)}`);
} finally {
  rmSync(join(library, 'dist'), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
