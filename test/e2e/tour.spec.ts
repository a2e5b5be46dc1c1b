/** The tour of docs/tour as a reader takes it: the script itself, on the built server without any model. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD, Server } from './server.js';

const script = resolve(import.meta.dirname, '../../docs/tour/registry.sh');
const run = promisify(execFile);
const needed = await Promise.all([run('bash', ['--version']), run('curl', ['--version'])]).then(
  () => undefined,
  () => 'bash and curl are not at hand: the tour is skipped',
);
if (needed) console.warn(needed);

const models = mkdtempSync(join(tmpdir(), 'latido-tour-'));
const server = new Server({ ADMIN_PASSWORD, MODELS_DIR: models });

describe.skipIf(needed !== undefined)('the tour of the registry', () => {
  beforeAll(() => server.start());
  afterAll(async () => {
    await server.remove();
    rmSync(models, { recursive: true });
  });

  it('publishes, compares, tries, activates, rolls back and scores a file', { timeout: 120_000 }, async () => {
    const environment = { ...process.env, LATIDO_URL: server.url, LATIDO_PASSWORD: ADMIN_PASSWORD };
    const { stdout } = await run('bash', [script], { env: environment });
    for (const line of [
      /^penguins 1\.2\.0 is verified: accuracy \d/m,
      /^vertebral-column 1\.0\.0 is verified/m,
      /^1\.1\.0 passes$/m,
      /^1\.0\.0 is active: the first one$/m,
      /^vertebral-column 1\.0\.0: \w+ \(0\.\d+\)\. Trained on a small public data set; not for clinical use$/m,
      /^5 rows that 1\.0\.0 answered and 1\.2\.0 computed beside it: \d+ % the same answer/m,
      /^1\.2\.0 answers 10 %$/m,
      /^1\.2\.0 is active, in place of 1\.0\.0$/m,
      /^1\.0\.0 answers again, in place of 1\.2\.0$/m,
      /^now: 1\.0\.0$/m,
      /^A;Adelie;0,9\d+;$/m,
      /^C;;;bill_length_mm: must be a number$/m,
    ])
      expect(stdout).toMatch(line);
  });
});
