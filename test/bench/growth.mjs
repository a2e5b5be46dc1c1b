/**
 * The cost curve: the same prediction while there are more users, more models, more recorded predictions. Each is a ratio to the echo of
 * the same round; what should be flat shows as a column of equal numbers.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loggedPlans, logPlans, tableSizes } from './database.mjs';
import { historyRoutes, measureRoutes } from './history-routes.mjs';
import { measure, rounds, summarise } from './measure.mjs';
import { Echo, freePort, newFolder, removeFolder, ROOT, Server } from './processes.mjs';
import { figure, table } from './report.mjs';
import { echoExamples, targets } from './targets.mjs';
import { addTo, MODEL, PEOPLE, populate, predictionsOf, windowExample } from './world.mjs';

const USERS = [1, 1_000, 100_000];
const MODELS = [1, 50, 200];
const RECORDS = [10_000, 100_000, 1_000_000, 5_000_000];
/** What one user may send in a minute is at most 100,000 requests: below it stays what is measured of one. */
const MOST_OF_ONE_USER = 70_000;
const WARMING_USERS = 100;
const WARMING_SECONDS = 3;
const QUOTA_WINDOW_MS = 61_000;
/** Written at first, so that they are the oldest when there are millions. */
const WINDOWS = 200;
const CURVE = ['echo-row-32', 'prediction-32', 'echo-row-256', 'prediction-256'];

const curveTargets = (world, windowBody) => targets(world, windowBody).filter(({ key }) => CURVE.includes(key));

/** Both connection counts of one size, as cells of a line. */
function cells(list, results) {
  const [few, many] = ['prediction-32', 'prediction-256'].map((key) =>
    summarise(
      list.find((target) => target.key === key),
      results,
    ),
  );
  return [few, many].flatMap(({ ratioToEcho, p99Ms, serverMicros, postgresMicros }) => [
    ratioToEcho.toFixed(3),
    figure(p99Ms),
    figure(serverMicros),
    figure(postgresMicros),
  ]);
}

const CELLS = ['32', '256'].flatMap((connections) =>
  ['ratio', 'p99 ms', 'server µs', 'Postgres µs'].map((name) => `${connections}: ${name}`),
);

const sumOf = (results) => [...results.values()].flat().reduce((sum, { unexpected }) => sum + unexpected, 0);

/** A server of its own with an echo beside it, for as long as `work` takes. */
async function beside(options, work) {
  const folder = newFolder(options.folder);
  const start = { folder, port: await freePort(), log: options.log, environment: options.environment };
  const processes = { api: await Server.start(start) };
  try {
    const windowBody = await windowExample(processes.api);
    processes.echo = await Echo.start(echoExamples(windowBody));
    return await work(processes, windowBody, start);
  } finally {
    await processes.api.stop();
    await processes.echo?.stop();
    removeFolder(folder);
  }
}

export function growthOfUsers({ print, rounds: count, seconds, warmUpSeconds, ...options }) {
  return beside(options, async (processes, windowBody) => {
    const world = await populate(processes.api, WARMING_USERS);
    // The code is compiled by other people's requests than those of the one who is measured first.
    for (const target of curveTargets(world, windowBody))
      await measure(target, processes, { seconds: WARMING_SECONDS });
    const sizes = [];
    for (const size of USERS) {
      await addTo(world, processes.api, Math.max(0, size - world.ids.length));
      const list = curveTargets({ ...world, tokens: world.tokens.slice(0, size) }, windowBody);
      const how = { seconds, warmUpSeconds, count, shuffled: true };
      const [, prediction] = list;
      if (size === 1) {
        // Nobody may send as much as this measures: less of it, once, and the quota's window goes by in between.
        const { requestsPerSecond } = await measure(prediction, processes, { seconds: 0.5 });
        Object.assign(how, {
          count: 1,
          warmUpSeconds: 0,
          seconds: Math.min(seconds, MOST_OF_ONE_USER / requestsPerSecond / 2),
        });
      } else await measure(prediction, processes, { count: size });
      const results = new Map();
      for (const pair of [list.slice(0, 2), list.slice(2)]) {
        if (size === 1) await sleep(QUOTA_WINDOW_MS);
        for (const [key, values] of await rounds(pair, processes, how)) results.set(key, values);
      }
      sizes.push({
        size,
        line: [String(size), ...cells(list, results)],
        results: Object.fromEntries(results),
        unexpected: sumOf(results),
      });
    }
    print(
      `\nUsers, requests at random among them\n\n${table(
        ['users in the load', ...CELLS],
        sizes.map(({ line }) => line),
      )}`,
    );
    return { sizes, unexpected: sizes.reduce((sum, { unexpected }) => sum + unexpected, 0) };
  });
}

/** A folder of models: the cardiac one, and copies of it under other names. */
function modelsFolder(folder, size) {
  const shipped = join(ROOT, 'models', MODEL);
  const names = [MODEL, ...Array.from({ length: size - 1 }, (_, index) => `${MODEL}-${index + 1}`)];
  for (const name of names) {
    const copy = join(folder, name);
    mkdirSync(copy, { recursive: true });
    cpSync(shipped, copy, { recursive: true });
    const manifest = join(copy, '1.0.0/manifest.yaml');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/^name: .*$/m, `name: ${name}`));
  }
  return names;
}

export async function growthOfModels({ print, rounds: count, seconds, warmUpSeconds, ...options }) {
  const folder = newFolder(options.folder);
  const sizes = [];
  try {
    for (const size of MODELS) {
      const models = join(folder, `models-${size}`);
      const names = modelsFolder(models, size);
      sizes.push(
        await beside({ ...options, environment: { MODELS_DIR: models } }, async (processes) => {
          const { readyMs } = processes.api;
          const world = await populate(processes.api);
          const list = curveTargets(world);
          const [, prediction] = list;
          const all = {
            ...prediction,
            key: 'all-models',
            requests: names.flatMap((name) =>
              prediction.requests.slice(0, 10).map((request) => ({ ...request, path: predictionsOf(name) })),
            ),
          };
          await measure(prediction, processes, { count: PEOPLE });
          await measure(all, processes, { count: PEOPLE });
          const results = await rounds([...list, all], processes, { count, seconds, warmUpSeconds });
          return {
            size,
            readyMs,
            line: [
              String(size),
              ...cells(list, results),
              summarise(all, results).ratioToEcho.toFixed(3),
              figure(readyMs / 1000),
            ],
            results: Object.fromEntries(results),
            unexpected: sumOf(results),
          };
        }),
      );
    }
  } finally {
    removeFolder(folder);
  }
  const head = ['models', ...CELLS, '32: ratio, all models in turn', 'cold start s'];
  print(
    `\nModels, the same one asked of, and all in turn\n\n${table(
      head,
      sizes.map(({ line }) => line),
    )}`,
  );
  return { sizes, unexpected: sizes.reduce((sum, { unexpected }) => sum + unexpected, 0) };
}

export function growthOfRecords({ print, rounds: count, seconds, warmUpSeconds, largestRecord, ...options }) {
  return beside(options, async (processes, windowBody, start) => {
    const world = await populate(processes.api);
    const list = curveTargets(world, windowBody);
    const all = targets(world, windowBody);
    const window = all.find(({ key }) => key === 'window-32');
    const fill = all.find(({ key }) => key === 'prediction-256');
    const sizes = [];
    let recorded = 0;
    const add = (results) => {
      for (const { statuses } of results) recorded += statuses[201] ?? 0;
      return results;
    };
    add([await measure(window, processes, { count: WINDOWS })]);
    for (const size of [...RECORDS.filter((each) => each < largestRecord), largestRecord]) {
      const [filled] = add([await measure(fill, processes, { count: Math.max(1, size - recorded) })]);
      console.error(`${recorded} recorded, the last at ${Math.round(filled.requestsPerSecond)} a second`);
      const routes = await historyRoutes(world, processes.api);
      const latencies = await measureRoutes(routes, processes);
      const results = await rounds(list, processes, { count, seconds, warmUpSeconds });
      for (const [key, values] of results) if (key.startsWith('prediction')) add(values);
      sizes.push({
        size,
        filledPerSecond: filled.requestsPerSecond,
        latencies,
        line: [String(size), ...cells(list, results), String(Math.round(filled.requestsPerSecond))],
        results: Object.fromEntries(results),
        tables: await tableSizes(processes.api.dataFolder),
        unexpected: sumOf(results) + filled.unexpected + latencies.reduce((sum, { unexpected }) => sum + unexpected, 0),
      });
    }
    print(
      `\nRecorded predictions\n\n${table(
        ['recorded', ...CELLS, 'a second while filling'],
        sizes.map(({ line }) => line),
      )}`,
    );
    const head = ['route, p50 / p99 ms', ...sizes.map(({ size }) => String(size))];
    const lines = sizes
      .at(-1)
      .latencies.map(({ name }) => [
        name,
        ...sizes
          .map(({ latencies }) => latencies.find((latency) => latency.name === name))
          .map((found) => (found ? `${figure(found.p50Ms)} / ${figure(found.p99Ms)}` : '')),
      ]);
    print(`\nReading them, one request at a time\n\n${table(head, lines)}`);
    const { tables } = sizes.at(-1);
    print(
      `\n${table(
        ['table', 'MB with its indexes'],
        tables.map(({ name, megabytes }) => [name, figure(megabytes)]),
      )}`,
    );
    const plans = await planRoutes(world, processes, start);
    for (const { name, plans: found } of plans)
      print(
        `\n${name}\n\n\`\`\`\n${found.map(({ milliseconds, plan }) => `${milliseconds} ms\n${plan}`).join('\n\n')}\n\`\`\``,
      );
    return { sizes, plans, unexpected: sizes.reduce((sum, { unexpected }) => sum + unexpected, 0) };
  });
}

/** How the server's statements behind each route are planned, at the size reached: as Postgres logs them. */
async function planRoutes(world, processes, start) {
  await logPlans(processes.api.dataFolder);
  await processes.api.stop();
  processes.api = await Server.start(start);
  const plans = [];
  for (const { name, requests, tokens } of await historyRoutes(world, processes.api)) {
    const before = loggedPlans(processes.api.dataFolder).length;
    await processes.api.call(requests[0].method, requests[0].path, { token: tokens[0] });
    await sleep(300);
    plans.push({
      name: `${requests[0].method} ${requests[0].path} (${name})`,
      plans: loggedPlans(processes.api.dataFolder).slice(before),
    });
  }
  return plans;
}
