/** `node import-files.mjs FILE…`: imports files as the server does; a line of JSON for each, memory being the most so far. */
import { readFileSync } from 'node:fs';
import { KerasImporter } from '../../dist/libs/inference/src/import/keras-importer.js';

const importer = new KerasImporter();
for (const file of process.argv.slice(2)) {
  const bytes = readFileSync(file);
  const startedAt = performance.now();
  let code = 'imported';
  let message = '';
  try {
    await importer.import(bytes);
  } catch (error) {
    if (error.name !== 'KerasImportError') throw error;
    ({ code, message } = error);
  }
  const milliseconds = Math.round(performance.now() - startedAt);
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`${JSON.stringify({ code, message, milliseconds, megabytes })}\n`);
}
await importer.close();
