/** `npm run bench -- --profile [--target KEY]`: one target under load with V8's sampling profiler on, and a table of where its time went. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { postmasterOf, processorTime } from './processor-time.mjs';
import { selfTimes } from './profile-table.mjs';
import { freePort, load, newFolder, removeFolder, ROOT, Server } from './processes.mjs';
import { ordersFor, targets } from './targets.mjs';
import { PEOPLE, populate, windowExample } from './world.mjs';

const SAMPLE_MICROS = 100;
const FUNCTIONS = 40;

function printTable(head, times, requests, total) {
  console.log(`| ${head} | µs a request | % |\n| --- | ---: | ---: |`);
  for (const [name, micros] of times)
    console.log(`| ${name} | ${(micros / requests).toFixed(2)} | ${((micros / total) * 100).toFixed(1)} |`);
  console.log('');
}

const longestFirst = (times) => [...times].sort(([, a], [, b]) => b - a);

/** @param {{target: string, seconds: number, folder?: string}} options */
export async function profile({ target: key, seconds, folder: parent }) {
  const folder = newFolder(parent);
  const results = join(ROOT, 'bench-results');
  mkdirSync(results, { recursive: true });
  const path = join(results, `${key}.cpuprofile`);
  const server = await Server.start({ folder, port: await freePort(), agent: true, log: join(results, 'server.log') });
  try {
    const world = await populate(server);
    const all = targets(world, await windowExample(server)).filter(({ on, share }) => on === 'api' && !share);
    const target = all.find((candidate) => candidate.key === key);
    if (!target) throw new Error(`no target is called ${key}; there are ${all.map((each) => each.key).join(', ')}`);
    await load({ ...ordersFor(target, server), count: PEOPLE });
    await load({ ...ordersFor(target, server), seconds: 2 });
    const plain = await load({ ...ordersFor(target, server), seconds: 2 });
    const postmaster = postmasterOf(server.dataFolder);
    const before = processorTime(server.pid, postmaster);
    await server.order('startProfile', SAMPLE_MICROS);
    const result = await load({ ...ordersFor(target, server), seconds });
    await server.order('stopProfile', path);
    const after = processorTime(server.pid, postmaster);
    const requests = Object.values(result.statuses).reduce((sum, count) => sum + count, 0);
    const { parts, functions, busyMicros, idleMicros } = selfTimes(JSON.parse(readFileSync(path, 'utf8')));
    console.log(
      `${target.name}, ${target.connections} connections: ${Math.round(result.requestsPerSecond)} requests/s while profiled, ${Math.round(plain.requestsPerSecond)} just before; ${JSON.stringify(result.statuses)}`,
    );
    console.log(
      `the server's main thread: busy ${((busyMicros / (busyMicros + idleMicros)) * 100).toFixed(0)} %, ${(busyMicros / requests).toFixed(1)} µs a request`,
    );
    if (before)
      console.log(
        `processor time a request: server with all its threads ${((after.server - before.server) / requests).toFixed(1)} µs, Postgres ${((after.postgres - before.postgres) / requests).toFixed(1)} µs, load generator ${result.cpuMicrosPerRequest.toFixed(1)} µs`,
      );
    console.log('');
    printTable('part (self time)', longestFirst(parts), requests, busyMicros);
    printTable('function (self time)', longestFirst(functions).slice(0, FUNCTIONS), requests, busyMicros);
    console.log(`the profile: ${path} (opens in Chromium's developer tools)`);
  } finally {
    await server.stop();
    removeFolder(folder);
  }
}
