/** Where the table puts a sample: by the frame's own file, and native functions by who called them. */
import { expect, it } from 'vitest';

interface Frame {
  readonly functionName: string;
  readonly url?: string;
  readonly lineNumber?: number;
}

const file = './profile-table.mjs';
const { selfTimes } = (await import(file)) as {
  selfTimes: (profile: object) => { parts: Map<string, number>; busyMicros: number; idleMicros: number };
};

/** A profile of one sample, 100 µs long, in the last of these frames. */
function partOf(...frames: Frame[]): string[] {
  const nodes = frames.map(({ functionName, url = '', lineNumber = url ? 1 : -1 }, index) => ({
    id: index + 1,
    callFrame: { functionName, url, lineNumber },
    children: index + 1 < frames.length ? [index + 2] : [],
  }));
  const { parts } = selfTimes({ nodes, samples: [frames.length, frames.length], timeDeltas: [0, 100] });
  return [...parts.keys()];
}

const lib = (name: string): Frame => ({ functionName: name, url: `file:///srv/dist/libs/${name}/src/x.js` });
const pkg = (name: string): Frame => ({ functionName: name, url: `file:///srv/node_modules/${name}/dist/x.js` });
const native = (functionName: string): Frame => ({ functionName });

it.each<[string, Frame[]]>([
  ['ours: libs/audit', [lib('audit')]],
  ['pg (client)', [lib('audit'), pkg('pg-protocol')]],
  ['fastify', [pkg('find-my-way')]],
  ['nest', [pkg('@nestjs/core')]],
  ['package uuid', [lib('platform'), pkg('uuid')]],
  ['crypto', [lib('audit'), { functionName: 'hash', url: 'node:internal/crypto/hash' }, native('oneShotDigest')]],
  ['ONNX Runtime', [pkg('onnxruntime-node'), native('run')]],
  ['kernel: write answers', [pkg('fastify'), { functionName: 'end', url: 'node:_http_outgoing' }, native('writev')]],
  ['kernel: write to Postgres', [pkg('pg'), { functionName: 'write', url: 'node:net' }, native('writeBuffer')]],
  ['kernel: write the log', [pkg('sonic-boom'), { functionName: 'write', url: 'node:fs' }, native('writeString')]],
  ['validation (ajv)', [lib('predictions'), { functionName: 'validate20', lineNumber: 3 }]],
  ['JSON and its schemas', [pkg('fastify'), { functionName: 'main', lineNumber: 3 }]],
  ['garbage collection', [native('(garbage collector)')]],
])('%s', (part, frames) => {
  expect(partOf(...frames)).toEqual([part]);
});

it('leaves out what idles and the profiler itself', () => {
  expect(partOf(native('(idle)'))).toEqual([]);
  expect(partOf({ functionName: 'post', url: 'node:inspector' }, native('dispatch'))).toEqual([]);
});
