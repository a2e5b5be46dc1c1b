/**
 * `npm run test:long [-- --kills N --cases N --minutes N --seed N]`: what takes too long for every change: 200 kills under load, 10,000
 * damaged files, ten minutes of soak. Ends with one line that counts what passed and what failed.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../bench/processes.mjs';
import { soak } from '../bench/soak.mjs';
import { kills } from './kills.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    cases: { type: 'string', default: '10000' },
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));

/** In a process of its own, as `npm run fuzz` does. */
function fuzz() {
  return new Promise((resolve) =>
    spawn(process.execPath, [join(ROOT, 'test/fuzz/fuzz-import.mjs'), values.cases, String(seed)], {
      cwd: ROOT,
      stdio: 'inherit',
    }).once('exit', (code) => resolve({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 })),
  );
}

async function soaked() {
  const { faults, unexpected } = await soak({
    soakMinutes: Number(values.minutes),
    print: (text) => console.log(text),
  });
  if (unexpected > 0) console.log(`${unexpected} answers were not what they should have been.`);
  const failed = (faults.length > 0 ? 1 : 0) + (unexpected > 0 ? 1 : 0);
  return { passed: 2 - failed, failed };
}

console.log(`seed ${seed}`);
const total = { passed: 0, failed: 0 };
for (const [name, part, amount] of [
  [`${values.kills} kills under load`, () => kills(Number(values.kills), seed), values.kills],
  [`${values.cases} damaged files`, fuzz, values.cases],
  [`${values.minutes} minutes of soak`, soaked, values.minutes],
]) {
  if (Number(amount) === 0) continue;
  console.log(`\n== ${name}`);
  const startedAt = performance.now();
  const { passed, failed } = await part().catch((error) => {
    console.error(error);
    return { passed: 0, failed: 1 };
  });
  console.log(`${passed} passed, ${failed} failed in ${Math.round((performance.now() - startedAt) / 1000)} s`);
  total.passed += passed;
  total.failed += failed;
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
