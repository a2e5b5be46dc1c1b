/**
 * `npm run bench`: what a prediction costs beside a bare Fastify echo, in one run with one load generator. Read the ratios, not the
 * absolute numbers: machines differ, and one machine differs from minute to minute. docs/performance.md tells how to read the table.
 *
 * Options: `--quick` (under two minutes), `--full` (with the soak and the growth curve), `--only SECTION` (may be repeated),
 * `--rounds N`, `--seconds N`, `--folder DIR` (where the data goes), `--engines` (those alone), `--profile [--target KEY]`.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { consoleLoad } from './console.mjs';
import { csv } from './csv.mjs';
import { growthOfModels, growthOfRecords, growthOfUsers } from './growth.mjs';
import { disturbance, median, measure, rounds, summarise } from './measure.mjs';
import { Echo, freePort, newFolder, removeFolder, ROOT, Server } from './processes.mjs';
import { profile } from './profile.mjs';
import { environment, figure, resultsFolder, targetTable, writeResults } from './report.mjs';
import { soak } from './soak.mjs';
import { echoExamples, selected, targets } from './targets.mjs';
import { PEOPLE, populate, windowExample } from './world.mjs';

/** Not part of a usual run: they take their time, and each has a server of its own. */
const LONG = {
  soak,
  'growth-users': growthOfUsers,
  'growth-models': growthOfModels,
  'growth-records': growthOfRecords,
};
const TARGETS = ['predictions', 'live', 'rows', 'window', 'sign-in'];
/** Run after the others, each with a server of its own. */
const OWN = { console: consoleLoad, csv };
const SECTIONS = ['engines', 'start', ...TARGETS, ...Object.keys(OWN), ...Object.keys(LONG)];
const WARM_UP_SECONDS = { quick: 0.3, usual: 1 };

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    records: { type: 'string', default: '5000000' },
    rows: { type: 'string' },
    folder: { type: 'string' },
    engines: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    target: { type: 'string', default: 'prediction-32' },
  },
});
const { quick, full } = values;
const settings = {
  rounds: Number(values.rounds ?? (quick ? 2 : 3)),
  seconds: Number(values.seconds ?? (quick ? 1 : 4)),
  warmUpSeconds: quick ? WARM_UP_SECONDS.quick : WARM_UP_SECONDS.usual,
  soakMinutes: Number(values.minutes),
  largestRecord: Number(values.records),
  rows: Number(values.rows ?? (quick ? 100_000 : 1_000_000)),
  folder: values.folder,
};

function wantedSections() {
  const growth = SECTIONS.filter((name) => name.startsWith('growth-'));
  const named = (values.engines ? ['engines'] : values.only)
    .flatMap((names) => names.split(','))
    .flatMap((name) => (name === 'growth' ? growth : name));
  const unknown = named.filter((name) => !SECTIONS.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no section ${unknown.join(', ')}; there are ${SECTIONS.join(', ')}, growth.`);
    process.exit(2);
  }
  if (named.length > 0) return new Set(named);
  return new Set(SECTIONS.filter((name) => (full || !(name in LONG)) && !(quick && name === 'engines')));
}

/** In a process of its own, before anything else runs. */
function runEngines() {
  return new Promise((resolve) =>
    spawn(process.execPath, [join(import.meta.dirname, 'engines.mjs')], { cwd: ROOT, stdio: 'inherit' }).once(
      'exit',
      resolve,
    ),
  );
}

/** From the process's beginning to the first 200 of /health/ready: once on an empty folder, then on the same again. */
async function starts(options) {
  const milliseconds = [];
  for (let start = 0; start < 4; start += 1) {
    const server = await Server.start(options);
    milliseconds.push(server.readyMs);
    await server.stop();
  }
  return { coldMs: milliseconds[0], warmMs: median(milliseconds.slice(1)) };
}

async function measureTargets(sections, options) {
  const server = await Server.start(options);
  let echo;
  try {
    const world = await populate(server);
    const windowBody = await windowExample(server);
    echo = await Echo.start(echoExamples(windowBody));
    const processes = { api: server, echo };
    const list = selected(targets(world, windowBody), sections);
    // Nobody is known yet: each first request verifies a signature and asks the database who that is and what they may.
    const first = [];
    for (const credentials of [world.tokens, world.apiKeys]) {
      const target = list.find(({ tokens, connections }) => tokens === credentials && connections === 32);
      if (!target) continue;
      const result = await measure(target, processes, { count: PEOPLE });
      first.push({ ...result, name: `${target.name}, the first of each of ${PEOPLE} people` });
    }
    const results = await rounds(list, processes, {
      count: settings.rounds,
      seconds: settings.seconds,
      warmUpSeconds: settings.warmUpSeconds,
      onRound: (round) => console.error(`round ${round + 1} of ${settings.rounds} done`),
    });
    const lines = list.map((target) => summarise(target, results));
    const firstLines = first.map((result) => ({ ...result, connections: 32 }));
    return {
      lines: [...lines, ...firstLines],
      raw: Object.fromEntries(results),
      first,
      disturbance: disturbance(results),
    };
  } finally {
    await server.stop();
    await echo?.stop();
  }
}

if (values.profile) {
  await profile({ target: values.target, seconds: settings.seconds, folder: settings.folder });
  process.exit();
}

const sections = wantedSections();
const enginesExit = sections.has('engines') ? await runEngines() : 0;
if (enginesExit !== 0) process.exit(enginesExit ?? 1);
if (sections.size === 1 && sections.has('engines')) process.exit();

const about = environment();
const results = resultsFolder(about);
const folder = newFolder(settings.folder);
const options = { folder, port: await freePort(), log: join(results, 'server.log') };
const raw = { ...about, settings: { ...settings, quick, full, sections: [...sections] } };
const markdown = [
  `Latido ${about.version} (${about.commit?.slice(0, 8) ?? 'no commit'}${about.changed ? ', changed' : ''}), Node ${about.node}, ${about.processors} × ${about.processor}; ${settings.rounds} rounds of ${settings.seconds} s, medians; ${PEOPLE} people`,
];
const print = (text) => {
  markdown.push(text);
  console.log(text);
};
console.log(markdown[0]);
let faults = 0;
let grown = 0;
try {
  if (sections.has('start')) {
    raw.start = await starts(options);
    print(`\nstart to ready: cold ${figure(raw.start.coldMs)} ms, warm ${figure(raw.start.warmMs)} ms`);
  }
  if (TARGETS.some((name) => sections.has(name))) {
    raw.targets = await measureTargets(sections, options);
    print(`\n${targetTable(raw.targets.lines)}`);
    if (raw.targets.disturbance) print(`\n${raw.targets.disturbance}`);
    faults += raw.targets.lines.reduce((sum, { unexpected }) => sum + unexpected, 0);
  }
  for (const [name, run] of Object.entries({ ...OWN, ...LONG })) {
    if (!sections.has(name)) continue;
    raw[name] = await run({ ...settings, log: options.log, print });
    faults += raw[name].unexpected;
    grown += raw[name].faults?.length ?? 0;
  }
} finally {
  removeFolder(folder);
  writeResults(results, markdown.join('\n'), raw);
  console.log(`\nkept in ${results}`);
}
if (faults > 0) console.error(`${faults} answers were not what they should have been.`);
if (faults > 0 || grown > 0) process.exitCode = 1;
