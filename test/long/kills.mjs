/**
 * `node test/long/kills.mjs [KILLS] [SEED]`: predictions under load while the server, its Postgres, or both are killed at random moments.
 * After every kill: what was acknowledged is recorded as it was answered, nothing is recorded twice, and a request with an
 * Idempotency-Key that got no answer is recorded once when it is sent again. At the end all of it is looked for once more.
 *
 * The kinds of kill and their moments are the same for the same seed; what is under way at that moment is not.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { postmasterOf } from '../bench/processor-time.mjs';
import { freePort, newFolder, removeFolder, ROOT, Server } from '../bench/processes.mjs';
import { generator } from '../bench/random.mjs';
import { MODEL, populate, predictionsOf } from '../bench/world.mjs';

const USERS = 40;
const CLIENTS = 32;
/** Of the requests, so many have an Idempotency-Key. */
const IDEMPOTENT = 0.2;
const LONGEST_LOAD_MS = 1_200;
/** A start takes longer than this: it is killed somewhere on its way. */
const LONGEST_START_MS = 800;
/** By when a server whose Postgres was killed must answer again. */
const RECOVERY_MS = 30_000;
/** Whoever waits is answered or refused. */
const LONGEST_ANSWER_MS = 30_000;
const ANSWERS_AFTER_RECOVERY = 50;
const PAGE = 200;

/** What is killed, and how often. */
const KINDS = [
  { share: 0.55, name: 'the server', server: true },
  { share: 0.15, name: 'the server, and again while it starts', server: true, twice: true },
  { share: 0.1, name: 'Postgres, all of it', postgres: true, children: true },
  { share: 0.1, name: 'the postmaster, whose children end when they notice', postgres: true },
  { share: 0.1, name: 'Postgres and the server', postgres: true, children: true, server: true },
];

/** Of the answers that may come while something is being killed: recorded, or refused for now. */
const REFUSED_FOR_NOW = 503;

class Trial {
  faults = [];
  /** What was sent, by its subject, which no two requests share. */
  sent = new Map();
  /** Sent with an Idempotency-Key and not answered yet. */
  open = new Set();
  unchecked = [];
  acknowledged = 0;
  /** Ids of what is recorded, by subject. */
  recorded = new Map();
  number = 0;
  agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

  constructor(seed) {
    this.seed = seed;
    this.random = generator(seed);
    this.content = generator(seed + 1);
  }

  async begin() {
    this.folder = newFolder();
    this.options = { folder: this.folder, port: await freePort(), log: join(this.folder, 'server.log') };
    this.server = await Server.start(this.options);
    this.world = await populate(this.server, USERS);
    this.startedAt = Date.now();
  }

  /** Resolves with status and body; status 0 when the connection broke. */
  call(method, path, token, { body, headers } = {}) {
    return new Promise((resolve) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.options.port,
          agent: this.agent,
          timeout: LONGEST_ANSWER_MS,
          method,
          path,
          headers: {
            authorization: `Bearer ${token}`,
            ...(body ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } : {}),
            ...headers,
          },
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk) => (text += chunk));
          answer.on('end', () => resolve({ status: answer.statusCode, text }));
          answer.on('error', () => resolve({ status: 0 }));
        },
      );
      sent.on('timeout', () => {
        this.faults.push(`${method} ${path} was not answered in ${LONGEST_ANSWER_MS / 1000} s`);
        sent.destroy();
      });
      sent.on('error', () => resolve({ status: 0 }));
      sent.end(body);
    });
  }

  newRequest() {
    const user = Math.floor(this.content() * USERS);
    const subject = `${this.seed}-${(this.number += 1)}`;
    const input = {
      cholesterol: 1 + Math.round(this.content() * 200) / 100,
      systolicPressure: 0.6 + Math.round(this.content() * 120) / 100,
      glucose: 1.75,
      age: 30 + Math.floor(this.content() * 60),
      overweight: this.number % 2,
      smoker: 0,
    };
    const prediction = {
      user,
      subject,
      token: this.number % 3 === 0 ? this.world.apiKeys[user] : this.world.tokens[user],
      body: JSON.stringify({ input, subject }),
      headers: this.content() < IDEMPOTENT ? { 'idempotency-key': subject } : undefined,
    };
    this.sent.set(subject, prediction);
    if (prediction.headers) this.open.add(subject);
    return prediction;
  }

  /** @returns {Promise<{status: number}>} 201 when it was acknowledged */
  async send(prediction) {
    const answer = await this.call('POST', predictionsOf(MODEL), prediction.token, prediction);
    const { status, text } = answer;
    if (status === 201) {
      const { id, results } = JSON.parse(text);
      this.open.delete(prediction.subject);
      this.unchecked.push({ ...prediction, id, result: results[0] });
      this.acknowledged += 1;
      return answer;
    }
    if (status !== 0 && status !== REFUSED_FOR_NOW) this.faults.push(`a prediction was answered ${status}: ${text}`);
    return answer;
  }

  /** So many clients, each with one request after the other, until told to stop. */
  startLoad() {
    let stopped = false;
    const seen = { answered: 0, refused: 0 };
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (!stopped) {
        const { status } = await this.send(this.newRequest());
        if (status === 201) seen.answered += 1;
        else {
          seen.refused += 1;
          await sleep(5); // whoever is refused does not ask again at once
        }
      }
    });
    return {
      seen,
      stop: async () => {
        stopped = true;
        await Promise.all(clients);
      },
    };
  }

  killPostgres(withChildren) {
    const postmaster = postmasterOf(this.server.dataFolder);
    for (const pid of [postmaster, ...(withChildren ? childrenOf(postmaster) : [])]) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    }
  }

  async kill({ server, postgres, children, twice }) {
    const load = this.startLoad();
    await sleep(this.random() * LONGEST_LOAD_MS);
    const startMs = this.random() * LONGEST_START_MS;
    if (postgres) this.killPostgres(children);
    if (server) await this.server.stop('SIGKILL');
    else if (!(await this.recovers(load.seen)))
      this.faults.push('the server did not answer again after its Postgres was killed');
    await load.stop();
    if (!server && this.server.exit === undefined) return;
    if (!server) this.faults.push(`the server ended (${this.server.exit}) when its Postgres was killed: see its log`);
    if (twice) {
      const starting = new Server(this.options);
      await sleep(startMs);
      await starting.stop('SIGKILL');
    }
    this.server = await Server.start(this.options);
  }

  /** First it refuses, then it answers. */
  async recovers(seen) {
    const deadline = Date.now() + RECOVERY_MS;
    const goesOn = () => Date.now() < deadline && this.server.exit === undefined;
    const { refused } = seen;
    while (seen.refused === refused && goesOn()) await sleep(5);
    const { answered } = seen;
    while (seen.answered < answered + ANSWERS_AFTER_RECOVERY && goesOn()) await sleep(20);
    return goesOn();
  }

  /** Whoever is refused for now asks again, for a while: connections that died with Postgres are found out one by one. */
  async patiently(ask) {
    for (const deadline = Date.now() + RECOVERY_MS; ; await sleep(20)) {
      const answer = await ask();
      if ((answer.status !== REFUSED_FOR_NOW && answer.status !== 0) || Date.now() > deadline) return answer;
    }
  }

  /** Sends again what had a key and no answer: it is recorded now, whether or not it was before. */
  async repeat() {
    for (const subject of this.open) {
      const { status } = await this.patiently(() => this.send(this.sent.get(subject)));
      if (status !== 201) this.faults.push(`${subject} was answered ${status} when it was repeated`);
    }
    this.open.clear();
  }

  /** What is recorded since a moment, compared with what was acknowledged and what was known to be recorded. */
  async check(from) {
    const found = new Map();
    for (let user = 0; user < USERS; user += 1) {
      for (const entry of await this.recordedOf(user, from)) {
        if (!this.sent.has(entry.subject)) continue; // the world's own first ones
        const known = this.recorded.get(entry.subject) ?? entry.id;
        if (known !== entry.id || found.get(entry.id)) this.faults.push(`${entry.subject} is recorded twice`);
        this.recorded.set(entry.subject, entry.id);
        found.set(entry.id, entry);
      }
    }
    return found;
  }

  async recordedOf(user, from) {
    const entries = [];
    let cursor = '';
    do {
      const path = `/v1/predictions?limit=${PAGE}&from=${from.toISOString()}${cursor && `&cursor=${cursor}`}`;
      const { status, text } = await this.patiently(() => this.call('GET', path, this.world.tokens[user]));
      if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${text}`);
      const page = JSON.parse(text);
      entries.push(...page.data);
      cursor = page.nextCursor ?? '';
    } while (cursor);
    return entries;
  }

  compare(acknowledged, found) {
    for (const { id, subject, result } of acknowledged) {
      const entry = found.get(id);
      if (!entry) this.faults.push(`LOST: ${subject} was acknowledged as ${id} and is not recorded`);
      else if (entry.subject !== subject || JSON.stringify(entry.result) !== JSON.stringify(result))
        this.faults.push(
          `${subject} was answered ${JSON.stringify(result)} and is recorded as ${JSON.stringify(entry)}`,
        );
    }
  }

  async end(failed) {
    this.agent.destroy();
    await this.server?.stop(); // the very first start may have failed
    if (failed) console.log(`what was recorded and the server's log are kept in ${this.folder}`);
    else removeFolder(this.folder);
  }
}

/** Process ids, where there is /proc. */
function childrenOf(parent) {
  const isChild = (pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
    } catch {
      return false; // it has ended meanwhile
    }
  };
  const names = existsSync('/proc/self/stat') ? readdirSync('/proc') : [];
  return names.map(Number).filter((pid) => pid > 0 && isChild(pid));
}

function pickKind(random) {
  let left = random();
  return KINDS.find(({ share }) => (left -= share) < 0) ?? KINDS[0];
}

/** The signed record as a whole, by the verifier that trusts nobody, where the installation has one. */
async function verifyRecord({ folder }) {
  const run = (...args) =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, ['dist/apps/cli/src/main.js', ...args], {
        cwd: ROOT,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: join(folder, 'data') },
      });
      let text = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
      child.once('close', (code) => resolve({ code, text }));
    });
  if (!/audit verify/.test((await run('help')).text)) return undefined;
  return run('audit', 'verify');
}

/** @returns {Promise<{passed: number, failed: number}>} a case each kill, and one for everything at the end */
export async function kills(count, seed) {
  const trial = new Trial(seed);
  let [passed, failed] = [0, 0];
  const conclude = (name) => {
    if (trial.faults.length === 0) passed += 1;
    else failed += 1;
    for (const fault of trial.faults.slice(0, 10)) console.log(`${name}: ${fault}`);
    if (trial.faults.length > 10) console.log(`${name}: and ${trial.faults.length - 10} more`);
    trial.faults = [];
  };
  const all = [];
  try {
    await trial.begin();
    for (let number = 1; number <= count; number += 1) {
      const kind = pickKind(trial.random);
      const from = new Date(Date.now() - 1000);
      await trial.kill(kind);
      await trial.repeat();
      trial.compare(trial.unchecked, await trial.check(from));
      all.push(...trial.unchecked);
      trial.unchecked = [];
      conclude(`kill ${number} (${kind.name})`);
      if (number % 10 === 0) console.log(`${number} kills, ${trial.acknowledged} acknowledged, ${failed} failed`);
    }
    trial.recorded.clear();
    trial.compare(all, await trial.check(new Date(trial.startedAt - 1000)));
    const verified = await verifyRecord(trial);
    if (verified && verified.code !== 0) trial.faults.push(`the record does not hold: ${verified.text}`);
    conclude('at the end');
    console.log(
      `seed ${seed}: ${count} kills, ${trial.acknowledged} acknowledged, ${trial.recorded.size} recorded; the signed record ${verified ? 'verified' : 'is not verified by this version'}`,
    );
  } catch (error) {
    failed += 1;
    console.error(error);
  }
  await trial.end(failed > 0);
  return { passed, failed };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const count = Number(process.argv[2] ?? 200);
  const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 1e9));
  const { passed, failed } = await kills(count, seed);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
