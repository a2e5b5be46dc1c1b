/**
 * `npm test [-- PATTERN …]`: runs every test (unit, medium on a real Postgres, end to end against the server, which is built first) and
 * ends with one line that counts them.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'latido-tests-'));
const report = join(folder, 'report.json');
const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs');
const child = spawn(
  process.execPath,
  [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
const code = await new Promise((resolve) => child.on('close', resolve));
let exitCode = code ?? 1;
try {
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites, success } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  if (!success && exitCode === 0) exitCode = 1;
  // A file that could not be loaded has no tests to fail: count it as one.
  const failed = Math.max(numFailedTests, success ? 0 : Math.min(1, numFailedTestSuites));
  console.log(`${numPassedTests} passed, ${failed} failed${numPendingTests ? `, ${numPendingTests} skipped` : ''}`);
} catch (error) {
  console.error(`The test run left no report: ${error.message}`);
  exitCode ||= 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(exitCode);
