/**
 * A million rows by CSV: how many a second, what the server's memory grows by, and what plain Python with pandas and ONNX Runtime takes
 * for the same file where Python has both. `--only csv`, `--rows N`.
 */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { freePort, newFolder, removeFolder, ROOT, Server } from './processes.mjs';
import { MODEL, populate, predictionsOf } from './world.mjs';

const run = promisify(execFile);
const SAMPLE_MS = 50;
/** Memory that a server takes once, whoever comes first, is no growth by a file. */
const WARM_UP_ROWS = 20_000;
const ROUNDS = 3;

/** Patients within the model's ranges, the same in every run. */
export function cardiacRows(path, count) {
  let state = 12345;
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  const between = (low, high) => (low + random() * (high - low)).toFixed(2);
  const lines = ['id,cholesterol,systolicPressure,glucose,age,overweight,smoker'];
  for (let row = 0; row < count; row += 1) {
    const integers = [Math.floor(random() * 100), Math.floor(random() * 2), Math.floor(random() * 2)];
    lines.push(`p${row},${between(1, 3)},${between(0.6, 1.8)},${between(0.5, 2)},${integers.join(',')}`);
  }
  writeFileSync(path, `${lines.join('\n')}\n`);
}

function residentBytes(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

/** The largest resident size until `done`; undefined where the system does not tell. */
function watchMemory(pid) {
  if (!existsSync(`/proc/${pid}/status`)) return { stop: () => undefined };
  const before = residentBytes(pid);
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, residentBytes(pid))), SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      return { before, growth: most - before };
    },
  };
}

const hasCurl = spawnSync('curl', ['--version']).status === 0;

/** Sends the file and keeps the answer: with curl, which costs next to nothing, else from here. */
async function send(server, token, path, answer) {
  const url = server.url + predictionsOf(MODEL);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/csv' };
  if (hasCurl) {
    const flags = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    await run('curl', ['-sS', '--fail-with-body', '-X', 'POST', ...flags, '-T', path, '-o', answer, url]);
    return;
  }
  const response = await fetch(url, { method: 'POST', headers, body: createReadStream(path), duplex: 'half' });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(answer));
}

/** What plain Python does with the same file; a sentence where it cannot. */
function plainPython(folder, path, port) {
  const python = process.env.PYTHON ?? 'python3';
  const model = join(folder, 'cardiac.onnx');
  if (spawnSync(python, ['-c', 'import pandas, onnxruntime']).status !== 0)
    return 'skipped: this Python has no pandas with onnxruntime (PYTHON names another one)';
  execFileSync(
    process.execPath,
    ['scripts/latido.mjs', 'keras', 'export', `models/${MODEL}/1.0.0/model.keras`, '--to', 'onnx', '--output', model],
    {
      cwd: ROOT,
      env: { ...process.env, PORT: String(port) },
    },
  );
  const output = execFileSync(python, [
    join(import.meta.dirname, 'score_csv.py'),
    model,
    path,
    join(folder, 'python.csv'),
  ]);
  return JSON.parse(String(output));
}

export async function csv({ rows = 1_000_000, log, folder: parent, print }) {
  const folder = newFolder(parent);
  const server = await Server.start({ folder, port: await freePort(), log });
  try {
    const { token } = await populate(server, 1);
    const [path, warm, answer] = ['rows.csv', 'warm.csv', 'answer.csv'].map((name) => join(folder, name));
    cardiacRows(path, rows);
    cardiacRows(warm, WARM_UP_ROWS);
    await send(server, token, warm, answer);
    const results = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const memory = watchMemory(server.pid);
      const startedAtMs = performance.now();
      await send(server, token, path, answer);
      const seconds = (performance.now() - startedAtMs) / 1000;
      const lines = Number(execFileSync('wc', ['-l', answer]).toString().split(' ')[0]);
      results.push({ seconds, rowsPerSecond: rows / seconds, memory: memory.stop(), answered: lines - 1 });
    }
    const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(0);
    print(`\n${rows} cardiac rows by CSV (${megabytes(statSync(path).size)} MB), ${hasCurl ? 'curl' : 'fetch'}`);
    for (const { seconds, rowsPerSecond, memory } of results) {
      const grown = memory ? `, server grew by ${megabytes(memory.growth)} MB from ${megabytes(memory.before)}` : '';
      print(`${Math.round(rowsPerSecond)} rows/s (${seconds.toFixed(2)} s)${grown}`);
    }
    await server.stop();
    const python = plainPython(folder, path, server.port);
    print(
      typeof python === 'string'
        ? `plain Python ${python}`
        : `plain Python, pandas ${python.pandas} and ONNX Runtime ${python.onnxruntime}: ${Math.round(rows / python.seconds)} rows/s (${python.seconds.toFixed(2)} s), nothing recorded`,
    );
    return { results, python, unexpected: results.filter(({ answered }) => answered !== rows).length };
  } finally {
    await server.stop();
    removeFolder(folder);
  }
}
