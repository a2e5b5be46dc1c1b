/**
 * The soak: the same load for ten minutes, at 0.7 of what the server can do, and whether it then holds more memory, files or sockets than
 * before. Both looks are taken at rest, after full collections, on a server that has been through the load already: every cache is filled
 * and the quota's window of a minute is as full as it gets.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { measure } from './measure.mjs';
import { held } from './processor-time.mjs';
import { Echo, freePort, newFolder, removeFolder, Server } from './processes.mjs';
import { figure, table } from './report.mjs';
import { echoExamples, targets } from './targets.mjs';
import { PEOPLE, populate, windowExample } from './world.mjs';

const SHARE = 0.7;
/** Longer than the quota's window. */
const SETTLE_SECONDS = 75;
/** Longer than an idle connection of the pool stays open. */
const REST_MS = 15_000;
const SAMPLE_MS = 10_000;
/** By how much memory at rest may differ. */
export const FLAT = 1.05;

async function atRest(server) {
  await sleep(REST_MS);
  const { rss, heapUsed, external, resources } = await server.order('rest');
  return {
    residentMb: rss / 2 ** 20,
    heapMb: heapUsed / 2 ** 20,
    externalMb: external / 2 ** 20,
    resources,
    ...held(server.pid),
  };
}

/**
 * @param {{soakMinutes: number, settleSeconds?: number, folder?: string, log?: string, print: (text: string) => void}} options
 * @returns {Promise<{faults: string[], unexpected: number}>} and everything measured
 */
export async function soak({ soakMinutes, settleSeconds = SETTLE_SECONDS, folder: parent, log, print }) {
  const folder = newFolder(parent);
  const server = await Server.start({ folder, port: await freePort(), agent: true, log });
  let echo;
  try {
    const world = await populate(server);
    const windowBody = await windowExample(server);
    echo = await Echo.start(echoExamples(windowBody));
    const processes = { api: server, echo };
    const target = targets(world, windowBody).find(({ key }) => key === 'prediction-32');
    await measure(target, processes, { count: PEOPLE });
    const most = await measure(target, processes, { warmUpSeconds: 1, seconds: 5 });
    const rate = SHARE * most.requestsPerSecond;
    const settled = await measure(target, processes, { rate, seconds: settleSeconds });
    const before = await atRest(server);
    const samples = [];
    const sampling = setInterval(() => samples.push({ ...held(server.pid) }), SAMPLE_MS);
    const result = await measure(target, processes, { rate, seconds: soakMinutes * 60, seed: 2 });
    clearInterval(sampling);
    const after = await atRest(server);
    const rows = [
      ['resident memory MB', before.residentMb, after.residentMb],
      ['heap MB', before.heapMb, after.heapMb],
      ['outside of the heap MB', before.externalMb, after.externalMb],
      ['files and sockets', before.fileDescriptors, after.fileDescriptors],
      ['threads', before.threads, after.threads],
      ...[...new Set([...Object.keys(before.resources), ...Object.keys(after.resources)])].map((name) => [
        `handles: ${name}`,
        before.resources[name] ?? 0,
        after.resources[name] ?? 0,
      ]),
    ];
    print(
      `\nSoak: ${soakMinutes} min at ${Math.round(rate)} requests/s (${SHARE} of ${Math.round(most.requestsPerSecond)}), ${result.requests} answered, p50 ${figure(result.p50Ms)} ms, p99 ${figure(result.p99Ms)} ms, p99.9 ${figure(result.p999Ms)} ms\n`,
    );
    print(
      table(
        ['at rest', 'before', 'after'],
        rows.map(([name, ...pair]) => [name, ...pair.map((value) => figure(value))]),
      ),
    );
    const faults = faultsOf(before, after);
    if (result.unsent > 0)
      faults.push(`The rate could not be kept: ${result.unsent} requests that were due were never sent.`);
    for (const fault of faults) print(`\n${fault}`);
    const unexpected = [most, settled, result].reduce((sum, each) => sum + each.unexpected, 0);
    return { rate, before, after, samples, most, settled, result, faults, unexpected };
  } finally {
    await server.stop();
    await echo?.stop();
    removeFolder(folder);
  }
}

/** What the server holds after the soak that it did not hold before. */
function faultsOf(before, after) {
  const faults = [];
  for (const name of ['residentMb', 'heapMb'])
    if (after[name] > before[name] * FLAT)
      faults.push(`GREW: ${name} from ${figure(before[name])} to ${figure(after[name])}`);
  if (after.fileDescriptors > before.fileDescriptors)
    faults.push(`GREW: files and sockets from ${before.fileDescriptors} to ${after.fileDescriptors}`);
  for (const [name, count] of Object.entries(after.resources))
    // Timers come and go by themselves.
    if (name !== 'Timeout' && count > (before.resources[name] ?? 0)) faults.push(`GREW: ${name} to ${count}`);
  return faults;
}
