/** Where the processor time of a profile went, part by part: self time of every sample, put into groups that a reader can act on. */

const KERNEL_WRITES = /^write(v|Buffer|String|Utf8String|Latin1String|AsciiString|Ucs2String)$/;
const POSTGRES = /^(pg|pg-.*)$/;
const LOG = /^(pino|sonic-boom|thread-stream|quick-format-unescaped|safe-stable-stringify)$/;
const JSON_PACKAGES = /^(secure-json-parse|fast-json-stringify)$/;
const FASTIFY =
  /^(fastify|@fastify\/.*|find-my-way|avvio|light-my-request|fast-querystring|fastq|reusify|proxy-addr|rfdc)$/;
const NEST = /^(@nestjs\/.*|rxjs|reflect-metadata|iterare)$/;

/** What is asked of a file's address, in the order in which it is asked. */
const NODE_PARTS = [
  [/^node:(_http|internal\/http|http)/, "node: http (its parser's callbacks, heads)"],
  [/^node:(net|internal\/(streams|stream_base|net)|stream|_stream)/, 'node: sockets and streams'],
  [
    /^node:(internal\/(timers|process\/task|process\/promises|async_hooks)|timers|async_hooks)/,
    'node: ticks and timers',
  ],
  [/^node:(events|internal\/event)/, 'node: events'],
  [/^node:(internal\/crypto|crypto)/, 'crypto'],
  [/^node:(internal\/)?inspector/, '(the profiler itself)'],
  [/^node:/, 'node: the rest (buffers, files, headers)'],
];

/** The package that a file of node_modules belongs to. */
function packageOf(url) {
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  return name;
}

function partOfPackage(name) {
  if (POSTGRES.test(name)) return 'pg (client)';
  if (/^onnxruntime/.test(name)) return 'ONNX Runtime';
  if (JSON_PACKAGES.test(name)) return 'JSON and its schemas';
  if (name === 'ajv') return 'validation (ajv)';
  if (LOG.test(name)) return 'log (pino)';
  if (name === 'prom-client') return 'metrics (prom-client)';
  if (FASTIFY.test(name)) return 'fastify';
  if (NEST.test(name)) return 'nest';
  return `package ${name}`;
}

/** The part of a frame that has a file, undefined for what has none. */
function partOfFile(url) {
  const name = packageOf(url);
  if (name) return partOfPackage(name);
  const [, ours] = /\/dist\/((?:libs|apps)\/[^/]+)\//.exec(url) ?? [];
  if (ours) return `ours: ${ours}`;
  return NODE_PARTS.find(([pattern]) => pattern.test(url))?.[1];
}

/** Functions made at run time have no file either, but a place in a script: ajv's and fast-json-stringify's. */
function partOfCompiled({ functionName, lineNumber }) {
  if (lineNumber < 0) return undefined;
  return /^validate/.test(functionName) ? 'validation (ajv)' : 'JSON and its schemas';
}

function partOf(node, parents) {
  const { functionName, url } = node.callFrame;
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(program)') return '(program): outside of JavaScript, sockets read, HTTP parsed';
  if (functionName === '(idle)') return '(idle)';
  const callers = [];
  for (let caller = parents.get(node); caller; caller = parents.get(caller)) callers.push(caller.callFrame.url);
  if (url === '' && KERNEL_WRITES.test(functionName)) {
    const packages = callers.map(packageOf);
    if (packages.some((name) => name && POSTGRES.test(name))) return 'kernel: write to Postgres';
    if (callers[0]?.startsWith('node:fs')) return 'kernel: write the log';
    return 'kernel: write answers';
  }
  if (functionName === 'runMicrotasks') return 'node: ticks and timers';
  return (
    partOfFile(url) ??
    (url === '' ? partOfCompiled(node.callFrame) : undefined) ??
    // Native functions count as who called them: ONNX Runtime's run, crypto's hash.
    callers.map(partOfFile).find((part) => part !== undefined) ??
    'native, called by nobody known'
  );
}

/**
 * @param {import('node:inspector').Profiler.Profile} profile
 * @returns {{parts: Map<string, number>, functions: Map<string, number>, busyMicros: number, idleMicros: number}} self times in microseconds
 */
export function selfTimes(profile) {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map();
  for (const node of profile.nodes) for (const child of node.children ?? []) parents.set(nodes.get(child), node);
  const self = new Map();
  // A sample's delta is the time since the one before it: what passed until the next one was spent in this one.
  for (let index = 0; index < profile.samples.length; index += 1) {
    const node = nodes.get(profile.samples[index]);
    self.set(node, (self.get(node) ?? 0) + Math.max(0, profile.timeDeltas[index + 1] ?? 0));
  }
  const [parts, functions] = [new Map(), new Map()];
  let [busyMicros, idleMicros] = [0, 0];
  for (const [node, micros] of self) {
    const part = partOf(node, parents);
    if (part === '(the profiler itself)') continue;
    if (part === '(idle)') {
      idleMicros += micros;
      continue;
    }
    busyMicros += micros;
    parts.set(part, (parts.get(part) ?? 0) + micros);
    const { functionName, url, lineNumber } = node.callFrame;
    const file = url.replace(/.*\/node_modules\/|.*\/dist\//, '');
    const name = `${functionName || '(anonymous)'}${file ? ` ${file}:${lineNumber + 1}` : ` — ${part}`}`;
    functions.set(name, (functions.get(name) ?? 0) + micros);
  }
  return { parts, functions, busyMicros, idleMicros };
}
