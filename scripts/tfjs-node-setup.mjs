/**
 * Gets the native TensorFlow library for @tensorflow/tfjs-node, which `npm ci` leaves out: `npm run tfjs-node:setup`.
 *
 * First the package's own way (a download of TensorFlow 2.9.1 from a storage bucket). Where that is refused, on Linux x64
 * with glibc: TensorFlow 2.12.1 out of its wheel on PyPI, and the package's own binding compiled against it (python3 with
 * pip and a C++ compiler needed). Everything downloaded is pinned by version and SHA-256. The new library is proven in a
 * process of its own before it takes the place of the old one; whatever fails leaves the old one as it was.
 *
 * Options: --wheel skips the package's own way; --force sets up again what already works.
 * Exit codes: 0 the native library works, 1 it could not be had (the server then uses WebAssembly), 2 not possible here.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, chmod, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const tensorFlowWheel = {
  name: 'tensorflow-cpu',
  // Not newer: from 2.21 on, rounding int32 answers 0 through this binding.
  version: '2.12.1',
  sha256: '7ffb595707a8fb376deaddc768784c7a0242b16cbc6e06393b1733b2ce19f855',
};
const nodeHeaders = {
  name: 'node-api-headers',
  version: '1.9.0',
  sha256: '6cbfac49542194ae2c8f1dee5fa2dc00d66bec9cbf3b59e3a4e5f16d14eb0d19',
};
/** One build serves Node 20 to 24: Node-API is stable across them. */
const nodeApiVersion = 8;
const officialWayTimeoutMs = 5 * 60_000;
const downloadTimeoutMs = 15 * 60_000;

class SetupError extends Error {}
class ImpossibleHere extends Error {}

let running;
let interrupted = false;
// The program that runs is ended and its failure undoes what was begun, as any other failure does.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill();
  });
}

const say = (line) => console.log(`tfjs-node: ${line}`);

async function main(options) {
  const folder = packageFolder();
  if (!options.has('--force')) {
    const working = await probe(folder);
    if (working.ok) return say(`already set up, TensorFlow ${working.output}`);
  }
  if (!options.has('--wheel') && (await tryOfficialWay(folder))) return;
  if (interrupted) throw new SetupError('interrupted');
  await buildFromWheel(folder);
}

function packageFolder() {
  try {
    return dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json'));
  } catch {
    throw new ImpossibleHere('@tensorflow/tfjs-node is not installed; run `npm ci` without --omit=optional first');
  }
}

/** Multiplies two matrices with the library in a process of its own: a library that does not fit ends that one, not this. */
async function probe(folder) {
  const script = `
    const util = require('node:util');
    util.isNullOrUndefined ??= (value) => value === null || value === undefined;
    util.isArray ??= Array.isArray;
    const tf = require(${JSON.stringify(folder)});
    const product = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync()[0];
    if (product !== 11) throw new Error('1·3 + 2·4 came out as ' + product);
    process.stdout.write(tf.backend().binding.TF_Version);
  `;
  return run(process.execPath, ['-e', script], { timeoutMs: 60_000 });
}

/** The package's own install script; it writes in place, so that the old state is kept beside it meanwhile. */
async function tryOfficialWay(folder) {
  say('asking the package for its own build (npm rebuild)');
  const kept = await mkdtemp(join(folder, '.before-setup-'));
  const parts = ['lib', 'deps', 'package.json'];
  for (const part of parts)
    if (await exists(join(folder, part))) await cp(join(folder, part), join(kept, part), { recursive: true });
  const rebuilt = await run('npm', ['rebuild', '@tensorflow/tfjs-node', '--ignore-scripts=false'], {
    timeoutMs: officialWayTimeoutMs,
  });
  const working = await probe(folder);
  if (rebuilt.ok && working.ok) {
    await rm(kept, { recursive: true });
    say(`set up the official build, TensorFlow ${working.output}`);
    return true;
  }
  for (const part of parts) {
    await rm(join(folder, part), { recursive: true, force: true });
    if (await exists(join(kept, part))) await rename(join(kept, part), join(folder, part));
  }
  await rm(kept, { recursive: true });
  // npm calls the rebuild of an optional package a success even when its script failed.
  say(
    `its own build cannot be had: ${rebuilt.ok ? 'the script left no working library (is its download allowed here?)' : lastLine(rebuilt.output)}`,
  );
  return false;
}

async function buildFromWheel(folder) {
  const glibc = process.report.getReport().header.glibcVersionRuntime;
  if (process.platform !== 'linux' || process.arch !== 'x64' || !glibc) {
    throw new ImpossibleHere(`the wheel is for Linux x64 with glibc, this is ${process.platform} ${process.arch}`);
  }
  const python = await findProgram(['python3', 'python'], ['-m', 'pip', '--version'], 'python3 with pip');
  const compiler = await findProgram(['c++', 'g++', 'clang++'], ['--version'], 'a C++ compiler');
  const work = await mkdtemp(join(tmpdir(), 'tfjs-node-setup-'));
  const staged = await mkdtemp(join(folder, '.setup-'));
  try {
    // mkdtemp makes folders for its owner only; the server may run as somebody else.
    await chmod(staged, 0o755);
    const libraryFolder = join(staged, `napi-v${nodeApiVersion}`);
    await mkdir(libraryFolder);
    await fetchTensorFlow(python, work, libraryFolder);
    await fetchNodeHeaders(work);
    say('compiling the binding');
    await compileBinding(compiler, folder, work, libraryFolder);
    await replaceLibrary(folder, staged);
  } finally {
    await rm(work, { recursive: true, force: true });
    await rm(staged, { recursive: true, force: true });
  }
}

async function fetchTensorFlow(python, work, libraryFolder) {
  const { name, version, sha256 } = tensorFlowWheel;
  say(`downloading ${name} ${version} from PyPI (232 MB)`);
  const requirements = join(work, 'requirements.txt');
  await writeFile(requirements, `${name}==${version} --hash=sha256:${sha256}\n`);
  // The wheel's own Python version does not matter: only its C library is used.
  const target = [
    '--python-version',
    '311',
    '--implementation',
    'cp',
    '--abi',
    'cp311',
    '--platform',
    'manylinux2014_x86_64',
  ];
  const options = [
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
    '--disable-pip-version-check',
    '--no-input',
    '--quiet',
  ];
  await runOrFail(
    python,
    ['-m', 'pip', 'download', ...options, ...target, '-r', requirements, '-d', work],
    'the wheel cannot be downloaded',
  );
  const wheel = join(work, await onlyFile(work, '.whl'));
  await requireHash(wheel, sha256);
  say('unpacking the C library and its headers');
  const unpack = `
import os, shutil, sys, zipfile
wheel, work, libraries = sys.argv[1:]
HEADERS = tuple(f"tensorflow/include/tensorflow/{part}/" for part in ("c", "core/platform", "tsl"))
with zipfile.ZipFile(wheel) as archive:
    for entry in archive.infolist():
        name = entry.filename
        if name in ("tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2"):
            with archive.open(entry) as source, open(os.path.join(libraries, os.path.basename(name)), "wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
        elif name.startswith(HEADERS) and name.endswith(".h"):
            archive.extract(entry, work)
`;
  await runOrFail(python, ['-c', unpack, wheel, work, libraryFolder], 'the wheel cannot be unpacked');
}

async function fetchNodeHeaders(work) {
  const { name, version, sha256 } = nodeHeaders;
  say(`downloading ${name} ${version} from npm`);
  await runOrFail(
    'npm',
    ['pack', `${name}@${version}`, '--pack-destination', work, '--silent'],
    `${name} cannot be downloaded`,
  );
  const archive = join(work, await onlyFile(work, '.tgz'));
  await requireHash(archive, sha256);
  await runOrFail('tar', ['-xzf', archive, '-C', work], `${name} cannot be unpacked`);
}

async function compileBinding(compiler, folder, work, libraryFolder) {
  const includes = [join(work, 'tensorflow', 'include'), join(work, 'package', 'include')].flatMap((path) => [
    '-I',
    path,
  ]);
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(folder, 'binding', file));
  const libraries = [
    '-L',
    libraryFolder,
    '-l:libtensorflow_cc.so.2',
    '-l:libtensorflow_framework.so.2',
    '-Wl,-rpath,$ORIGIN',
  ];
  const flags = ['-O2', '-std=c++17', '-fPIC', '-shared', `-DNAPI_VERSION=${nodeApiVersion}`, '-w'];
  const output = ['-o', join(libraryFolder, 'tfjs_binding.node')];
  await runOrFail(
    compiler,
    [...flags, ...includes, ...sources, ...libraries, ...output],
    'the binding does not compile',
  );
}

/** Puts the new library in place by two renames, proves it there, and puts the old one back if it does not work. */
async function replaceLibrary(folder, staged) {
  const [current, previous] = [join(folder, 'lib'), join(folder, `.lib-before-${process.pid}`)];
  const hadOld = await exists(current);
  if (hadOld) await rename(current, previous);
  await rename(staged, current);
  const working = await probe(folder);
  if (!working.ok) {
    await rm(current, { recursive: true });
    if (hadOld) await rename(previous, current);
    throw new SetupError(`the new build does not run: ${lastLine(working.output)}`);
  }
  if (hadOld) await rm(previous, { recursive: true });
  say(`set up from PyPI's wheel, TensorFlow ${working.output}`);
}

async function findProgram(names, versionArguments, what) {
  for (const name of names) if ((await run(name, versionArguments, { timeoutMs: 30_000 })).ok) return name;
  throw new ImpossibleHere(`${what} is needed for the build and was not found`);
}

async function requireHash(path, expected) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const actual = hash.digest('hex');
  if (actual !== expected) throw new SetupError(`${path} has SHA-256 ${actual} instead of ${expected}`);
}

async function onlyFile(folder, suffix) {
  const [file, ...others] = (await readdir(folder)).filter((name) => name.endsWith(suffix));
  if (!file || others.length > 0) throw new SetupError(`expected one ${suffix} file to be downloaded`);
  return file;
}

async function runOrFail(program, args, failure) {
  const result = await run(program, args, { timeoutMs: downloadTimeoutMs });
  if (!result.ok) throw new SetupError(`${failure}: ${lastLine(result.output)}`);
}

/** Runs a program without a shell. `output` is standard output when it succeeded, else everything it said. */
function run(program, args, { timeoutMs }) {
  return new Promise((resolve) => {
    let [stdout, all] = ['', ''];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
    running = child;
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      all += chunk;
    });
    child.stderr.on('data', (chunk) => {
      all += chunk;
    });
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code, signal) => {
      const ok = code === 0;
      resolve({
        ok,
        output: ok ? stdout.trim() : `${all.trim()}${signal ? `\n${program} was ended by ${signal}` : ''}`,
      });
    });
  });
}

async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The line that says what went wrong: an error's own where there is one, else the last. */
function lastLine(output) {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.find((line) => /\berror\b.*[:]/i.test(line)) ?? lines.at(-1) ?? 'without a message';
}

const known = new Set(['--wheel', '--force']);
const options = new Set(process.argv.slice(2));
const unknown = [...options].filter((option) => !known.has(option));
if (unknown.length > 0) {
  say(`unknown option ${unknown.join(', ')}; known are ${[...known].join(', ')}`);
  process.exitCode = 2;
} else {
  try {
    await main(options);
  } catch (error) {
    if (!(error instanceof SetupError || error instanceof ImpossibleHere)) throw error;
    say(`${error.message}. What was there before is unchanged; without a native library the server uses WebAssembly.`);
    process.exitCode = error instanceof ImpossibleHere ? 2 : 1;
  }
}
