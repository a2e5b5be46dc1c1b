/**
 * The load generator: a process of its own that drives one target over raw sockets and prints what it measured as a line of JSON,
 * after one each at the beginning and at the end of the measured time. Its orders come as JSON on standard input.
 *
 * Without `rate` each connection sends its next request when its last one is answered, which finds the most that a server does. With
 * `rate` requests are due at random moments, so many a second whatever the server does (a Poisson process), and a duration counts from
 * the moment a request was due: one that had to wait for a free connection has waited too ("coordinated omission").
 */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { LatencyHistogram } from './latency-histogram.mjs';
import { generator } from './random.mjs';
import { requestBytes } from './requests.mjs';
import { ResponseReader } from './response-reader.mjs';

/** How long is waited for what was due or under way when the time was up. */
const GRACE_MS = 10_000;
const READ_BYTES = 64 * 1024;

/**
 * @typedef {object} Orders
 * @property {string} host
 * @property {number} port
 * @property {number} connections
 * @property {import('./requests.mjs').RequestTemplate[]} requests sent in turn
 * @property {boolean} [shuffled] sent at random instead: what a cache holds of them is then met as often as by people
 * @property {string[]} [tokens] used in turn, each a user's
 * @property {number} [warmUpSeconds]
 * @property {number} [seconds]
 * @property {number} [count] so many requests, however long they take, instead of so many seconds
 * @property {number} [rate] requests a second; as many as go when absent
 * @property {number} [seed] of what is random
 * @property {number} [addresses] loopback addresses that the connections come from (Linux)
 */

/** @type {Orders} */
const orders = JSON.parse(await text(process.stdin));
const requests = requestBytes(orders.requests, orders.tokens ?? [], `${orders.host}:${orders.port}`);
const latency = new LatencyHistogram();
/** How late the generator itself was: from when a request was due and a connection free until it was written. */
const lateness = new LatencyHistogram();
const statuses = new Float64Array(1000);
/** Read into by every socket: what came is taken in before the next read. */
const readBuffer = Buffer.allocUnsafeSlow(READ_BYTES);

const random = generator(orders.seed ?? 1);

let next = 0;
let errors = 0;
let underWay = 0;
let measureFromMs = Infinity;
let measureToMs = Infinity;
let finished = false;
/** Requests that are still to be sent. */
let left = orders.count ?? Infinity;

class Connection {
  /** When its request was written, or was due. */
  sinceMs = 0;
  busy = false;
  freeSinceMs = 0;

  constructor(index) {
    this.index = index;
  }

  open() {
    const { host, port, addresses = 1 } = orders;
    this.reader = new ResponseReader((status) => this.answered(status));
    return new Promise((resolve) => {
      this.socket = connect({
        host,
        port,
        noDelay: true,
        ...(addresses > 1 ? { localAddress: `127.0.0.${1 + (this.index % addresses)}` } : {}),
        onread: {
          buffer: readBuffer,
          callback: (length, buffer) => {
            try {
              this.reader.push(buffer, length);
            } catch (error) {
              this.socket.destroy(error);
            }
            return true;
          },
        },
      });
      this.socket.once('connect', () => {
        this.freeSinceMs = performance.now();
        resolve(true);
      });
      this.socket.once('error', (error) => (lastError = error.message));
      this.socket.once('close', () => {
        resolve(false);
        this.lost();
      });
    });
  }

  lost() {
    if (finished) return;
    errors += 1;
    if (this.busy) {
      this.busy = false;
      underWay -= 1;
    }
    // Not at once: a server that is gone would be asked for ever.
    setTimeout(() => {
      if (!finished) void this.open().then((open) => open && !finished && free(this));
    }, 20);
  }

  send(sinceMs) {
    left -= 1;
    const pieces = requests[next];
    if (orders.shuffled) next = Math.floor(random() * requests.length);
    else next = next + 1 === requests.length ? 0 : next + 1;
    this.sinceMs = sinceMs;
    this.busy = true;
    underWay += 1;
    if (pieces.length === 1) {
      this.socket.write(pieces[0]);
      return;
    }
    this.socket.cork();
    for (const piece of pieces) this.socket.write(piece);
    this.socket.uncork();
  }

  answered(status) {
    if (!this.busy) throw new Error('an answer that nobody asked for');
    const nowMs = performance.now();
    this.busy = false;
    underWay -= 1;
    statuses[status] += 1;
    // By the clock for a closed loop; by when it was due for a schedule, whose last answers come after the end.
    const momentMs = orders.rate ? this.sinceMs : nowMs;
    if (momentMs >= measureFromMs && momentMs < measureToMs) latency.record((nowMs - this.sinceMs) * 1000);
    this.freeSinceMs = nowMs;
    free(this);
  }
}

/** Requests when they are due, on whichever connection has been free longest. */
class Schedule {
  idle = [];
  first = 0;
  dueMs = Infinity;

  meanGapMs = 1000 / orders.rate;

  start() {
    this.dueMs = performance.now();
    // Timers are no finer than a millisecond; each answer is an occasion too, and `lateness` tells what is left of it.
    this.timer = setInterval(() => this.dispatch(), 1);
    this.dispatch();
  }

  free(connection) {
    this.idle.push(connection);
    if (this.dueMs !== Infinity) this.dispatch();
  }

  dispatch() {
    const nowMs = performance.now();
    while (this.dueMs <= nowMs && this.dueMs < measureToMs && this.first < this.idle.length) {
      const connection = this.idle[this.first];
      this.first += 1;
      if (connection.busy || connection.socket.destroyed) continue; // it was lost, and has been opened again since
      if (this.dueMs >= measureFromMs) lateness.record((nowMs - Math.max(this.dueMs, connection.freeSinceMs)) * 1000);
      connection.send(this.dueMs);
      this.dueMs -= Math.log(1 - random()) * this.meanGapMs;
    }
    if (this.first > 1024) {
      this.idle.splice(0, this.first);
      this.first = 0;
    }
  }

  /** Sends nothing more; how many were due that were never sent, because the rate was more than could be served. */
  giveUp() {
    const unsent = this.behind ? Math.round((measureToMs - this.dueMs) / this.meanGapMs) : 0;
    this.dueMs = Infinity;
    return unsent;
  }

  /** Whether something that was due has not been sent. */
  get behind() {
    return this.dueMs < measureToMs;
  }
}

let lastError;
const schedule = orders.rate ? new Schedule() : undefined;

function free(connection) {
  if (schedule) schedule.free(connection);
  else if (connection.freeSinceMs < measureToMs && left > 0) connection.send(connection.freeSinceMs);
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const connections = Array.from({ length: orders.connections }, (_, index) => new Connection(index));
const opened = await Promise.all(connections.map((connection) => connection.open()));
if (opened.includes(false)) {
  console.error(`the load generator cannot connect to ${orders.host}:${orders.port}: ${lastError}`);
  process.exit(1);
}
/** For the harness, which looks at the server at these moments. */
function say(event) {
  process.stdout.write(`${JSON.stringify({ event })}\n`);
}

function begin() {
  for (const connection of connections) free(connection);
  schedule?.start();
}

/** Waits until it is so, or so long. */
async function within(milliseconds, isSo) {
  for (const deadlineMs = performance.now() + milliseconds; !isSo() && performance.now() < deadlineMs;) await sleep(5);
}

/** Warms up, measures for so long, and lets finish what is under way or, by the schedule, was due. */
async function runForTime() {
  begin();
  await sleep((orders.warmUpSeconds ?? 0) * 1000);
  const before = process.cpuUsage();
  say('measuring');
  measureFromMs = performance.now();
  measureToMs = measureFromMs + orders.seconds * 1000;
  await sleep(orders.seconds * 1000);
  const cpu = process.cpuUsage(before);
  say('measured');
  await within(GRACE_MS, () => !schedule?.behind);
  const unsent = schedule?.giveUp() ?? 0;
  await within(GRACE_MS, () => underWay === 0);
  return { cpu, seconds: orders.seconds, unsent };
}

async function runForCount() {
  measureFromMs = performance.now();
  begin();
  while (left > 0 || underWay > 0) await sleep(1);
  return { cpu: process.cpuUsage(), seconds: (performance.now() - measureFromMs) / 1000 };
}

const { cpu, seconds, unsent = 0 } = await (orders.count ? runForCount() : runForTime());
finished = true;
clearInterval(schedule?.timer);
for (const { socket } of connections) socket.destroy();

const cpuMicros = cpu.user + cpu.system;
console.log(
  JSON.stringify({
    event: 'result',
    requests: latency.count,
    seconds,
    requestsPerSecond: latency.count / seconds,
    ...latency.summary(),
    ...(schedule ? { rate: orders.rate, unsent, latenessMs: lateness.summary() } : {}),
    statuses: Object.fromEntries([...statuses.entries()].filter(([, count]) => count > 0)),
    errors,
    ...(lastError ? { lastError } : {}),
    unanswered: underWay,
    cpuMicrosPerRequest: cpuMicros / Math.max(1, latency.count),
    cpuShare: cpuMicros / (seconds * 1e6),
  }),
);
