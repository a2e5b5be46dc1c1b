/** `node import-files.mjs FILE…`: imports files as the server does; a line of JSON for each, memory being the most so far. */
import { existsSync, readFileSync } from 'node:fs';
import { KerasImporter } from '../../dist/libs/inference/src/import/keras-importer.js';

/** Of this program: where the system counts by process, what the parent had when it began counts as well. */
function peakKilobytes() {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return peak === undefined ? process.resourceUsage().maxRSS : Number(peak);
}

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
  const megabytes = Math.round(peakKilobytes() / 1024);
  process.stdout.write(`${JSON.stringify({ code, message, milliseconds, megabytes })}\n`);
}
await importer.close();
