/** One target under load: what the generator saw, and beside it what the machine and the server's own metrics say of the same seconds. */
import { availableParallelism } from 'node:os';
import { held, machineTime, postmasterOf, processorTime } from './processor-time.mjs';
import { load } from './processes.mjs';
import { ordersFor } from './targets.mjs';

/** The samples of /metrics without labels, by name. */
async function scrape(server) {
  const response = await fetch(`${server.url}/metrics`);
  if (!response.ok) return {};
  const lines = (await response.text()).split('\n').filter((line) => /^\w+ /.test(line));
  return Object.fromEntries(lines.map((line) => line.split(' ')).map(([name, value]) => [name, Number(value)]));
}

/**
 * What the server says of itself between two scrapes. The delay of the event loop is prom-client's: since the scrape before, and as late
 * as its timer of 10 ms was, so that an idle loop shows 10.
 */
function reported(before, after, requests) {
  const flushes = after.latido_recorder_flush_seconds_count - before.latido_recorder_flush_seconds_count;
  const flushSeconds = after.latido_recorder_flush_seconds_sum - before.latido_recorder_flush_seconds_sum;
  return {
    loopP50Ms: after.nodejs_eventloop_lag_p50_seconds * 1000,
    loopP99Ms: after.nodejs_eventloop_lag_p99_seconds * 1000,
    loopMaxMs: after.nodejs_eventloop_lag_max_seconds * 1000,
    residentMb: after.process_resident_memory_bytes / 2 ** 20,
    heapMb: after.nodejs_heap_size_used_bytes / 2 ** 20,
    ...(flushes > 0 ? { flushes, requestsPerFlush: requests / flushes, flushMs: (flushSeconds / flushes) * 1000 } : {}),
  };
}

/** How many answers were not what they should be. */
export function unexpected({ statuses, errors, unanswered }, expect) {
  const others = Object.entries(statuses).filter(([status]) => Number(status) !== expect);
  return others.reduce((sum, [, count]) => sum + count, 0) + errors + unanswered;
}

/**
 * @param {import('./targets.mjs').Target} target
 * @param {{api?: import('./processes.mjs').Server, echo?: import('./processes.mjs').Echo}} processes
 * @param {Partial<import('./load.mjs').Orders>} how
 */
export async function measure(target, processes, how) {
  const process = processes[target.on];
  const isServer = target.on === 'api';
  const postmaster = isServer ? postmasterOf(process.dataFolder) : undefined;
  const look = () =>
    Promise.all([
      processorTime(process.pid, postmaster),
      isServer ? scrape(process) : {},
      performance.now(),
      machineTime(),
    ]);
  const looks = [];
  const result = await load({ ...ordersFor(target, process), ...how }, () => looks.push(look()));
  const [before, after] = await Promise.all(looks);
  const memory = held(process.pid);
  const share = before && (after[2] - before[2]) / 1000 / result.seconds;
  // The looks are not taken at the very moments between which the generator counts: what they saw is scaled to a request.
  const perRequest = (micros) => micros / Math.max(1, result.requests * share);
  const others = before?.[3] && {
    othersShare:
      (after[3].busy -
        before[3].busy -
        (after[0].server - before[0].server) -
        (after[0].postgres - before[0].postgres)) /
        ((after[2] - before[2]) * 1000 * availableParallelism()) -
      result.cpuShare / availableParallelism(),
    stolenShare: (after[3].stolen - before[3].stolen) / ((after[2] - before[2]) * 1000 * availableParallelism()),
  };
  return {
    target: target.key,
    expect: target.expect,
    unexpected: unexpected(result, target.expect),
    ...result,
    ...(before?.[0]
      ? {
          serverMicros: perRequest(after[0].server - before[0].server),
          postgresMicros: perRequest(after[0].postgres - before[0].postgres),
        }
      : {}),
    ...(before && isServer ? reported(before[1], after[1], result.requests * share) : {}),
    ...others,
    ...(memory ? { residentMb: memory.residentBytes / 2 ** 20 } : {}),
  };
}

export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [lower, upper] = [(sorted.length - 1) / 2, sorted.length / 2].map((at) => sorted[Math.floor(at)]);
  return (lower + upper) / 2;
};

/**
 * All targets in turn, round after round, because the machine is not always equally fast: a ratio is taken within a round.
 * @returns {Promise<Map<string, object[]>>} results by target, a round each
 */
export async function rounds(list, processes, { count, onRound, ...how }) {
  const results = new Map(list.map(({ key }) => [key, []]));
  for (let round = 0; round < count; round += 1) {
    for (const target of list) {
      const reached = target.of && results.get(target.of)[round].requestsPerSecond;
      const rate = reached && target.share * reached;
      results.get(target.key).push(await measure(target, processes, { ...how, rate, seed: round + 1 }));
    }
    onRound?.(round);
  }
  return results;
}

/** One line of the table: medians over the rounds. */
export function summarise(target, results) {
  const own = results.get(target.key);
  const base = target.echo && results.get(target.echo);
  const middle = (name) => {
    const values = own.map((result) => result[name]).filter((value) => Number.isFinite(value));
    return values.length > 0 ? median(values) : undefined;
  };
  const ratios =
    base && !target.share ? own.map((result, round) => result.requestsPerSecond / base[round].requestsPerSecond) : [];
  return {
    key: target.key,
    name: target.name,
    connections: target.connections,
    ...(ratios.length > 0
      ? { ratioToEcho: median(ratios), lowestRatio: Math.min(...ratios), highestRatio: Math.max(...ratios) }
      : {}),
    ...Object.fromEntries(
      [
        'requestsPerSecond',
        'p50Ms',
        'p99Ms',
        'p999Ms',
        'serverMicros',
        'postgresMicros',
        'cpuMicrosPerRequest',
        'residentMb',
        'heapMb',
        'loopP99Ms',
        'loopMaxMs',
        'requestsPerFlush',
        'flushMs',
      ].map((name) => [name, middle(name)]),
    ),
    unexpected: own.reduce((sum, result) => sum + result.unexpected, 0),
  };
}

/** How much else went on while it was measured: a sentence for below the table, where the system tells. */
export function disturbance(results) {
  const all = [...results.values()].flat();
  const percent = (name) => all.map((result) => Math.max(0, result[name]) * 100).filter(Number.isFinite);
  const [others, stolen] = [percent('othersShare'), percent('stolenShare')];
  if (others.length === 0) return undefined;
  const say = (values) => `${median(values).toFixed(0)} % (at most ${Math.max(...values).toFixed(0)} %)`;
  return `Of the processors, other processes took ${say(others)}, and the machine's host ${say(stolen)}, while this was measured.`;
}
