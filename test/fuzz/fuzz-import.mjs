/**
 * `node test/fuzz/fuzz-import.mjs [CASES] [SEED] [FOLDER]`: imports damaged files until CASES have ended, each in a model (whose
 * ONNX form is then written) or in a coded refusal. Prints what they ended in; exit code 1 for anything else: a crash, a
 * hang, an unhandled rejection, a refusal without a code, a fault that no rule foresaw.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as hdf5 from 'h5wasm';
import { KerasImporter } from '../../dist/libs/inference/src/import/keras-importer.js';
import { kerasRefusals, writeOnnx } from '../../dist/libs/keras/src/index.js';
import { openZip } from '../../dist/libs/keras/src/container/zip.js';
import { defaultImportLimits } from '../../dist/libs/keras/src/limits.js';
import { dissect, generator, mutate } from './mutate.mjs';

const cases = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? 1);
const folder = process.argv[4] ?? join(import.meta.dirname, '../golden/keras');
const slowMs = 5_000;

process.on('unhandledRejection', (error) => {
  console.error('unhandled rejection', error);
  process.exit(1);
});

const wholes = [];
for (const file of readdirSync(folder).filter((name) => /\.(h5|keras)$/.test(name) && !name.startsWith('refuse'))) {
  const bytes = readFileSync(join(folder, file));
  wholes.push({ file, ...(await dissect(bytes, { hdf5, openZip: (zip) => openZip(zip, defaultImportLimits) })) });
}

const importers = [new KerasImporter({ timeoutMs: 20_000 }), new KerasImporter({ timeoutMs: 20_000 })];
const endings = new Map();
const faults = [];
let slowest = 0;
let next = 0;

async function one(importer, number) {
  // Each case has a seed of its own: case 4711 is the same whatever ran before it.
  const random = generator(seed * 1_000_003 + number);
  const whole = random.pick(wholes);
  const { kind, bytes } = mutate(whole, random);
  const startedAt = performance.now();
  let ending;
  try {
    const graph = await importer.import(bytes);
    writeOnnx(graph);
    ending = 'imported';
  } catch (error) {
    ending = error.name === 'KerasImportError' && error.code in kerasRefusals ? error.code : undefined;
    if (ending === undefined || /not understood/.test(error.message))
      faults.push(`case ${number} (${whole.file}, ${kind}): ${error.code ?? ''} ${error.stack}`);
    if (['too-slow', 'too-much-memory'].includes(ending))
      faults.push(`case ${number} (${whole.file}, ${kind}): ${ending}`);
  }
  const milliseconds = performance.now() - startedAt;
  slowest = Math.max(slowest, milliseconds);
  if (milliseconds > slowMs) faults.push(`case ${number} (${whole.file}, ${kind}) took ${Math.round(milliseconds)} ms`);
  const key = `${kind}: ${ending ?? 'FAULT'}`;
  endings.set(key, (endings.get(key) ?? 0) + 1);
}

await Promise.all(
  importers.map(async (importer) => {
    while (next < cases) await one(importer, next++);
    await importer.close();
  }),
);
for (const [ending, count] of [...endings].sort()) console.log(String(count).padStart(6), ending);
console.log(`${cases} files of seed ${seed}: ${faults.length} faults, the slowest took ${Math.round(slowest)} ms`);
for (const fault of faults.slice(0, 50)) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
