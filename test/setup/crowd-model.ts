/** A model whose rows depend on each other, so that it is not batch invariant. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ModelManifest } from '#inference';
import { attributeOf, graphOf, modelOf, nodeOf, onnxType, portOf } from './onnx-model.js';

/** A regression that answers x + mean(x of all rows): within the tolerance of the verification, but not to the last bit. */
export function writeCrowd(into: string): void {
  const axes = attributeOf('axes', 7, Uint8Array.of(0x40, 0)); // ints: [0]
  const graph = graphOf(
    nodeOf('ReduceMean', ['x'], ['mean'], axes),
    nodeOf('Add', ['x', 'mean'], ['y']),
    portOf(11, 'x', onnxType.float32, [null, 1]),
    portOf(12, 'y', onnxType.float32, [null, 1]),
  );
  const manifest: ModelManifest = {
    schemaVersion: 1,
    name: 'crowd',
    version: '1.0.0',
    title: 'Crowd',
    task: 'regression',
    artifact: { file: 'model.onnx', format: 'onnx' },
    inputs: [{ name: 'x', title: 'X', type: 'number', range: { minimum: 0, maximum: 1e-6 } }],
    output: {},
  };
  const version = join(into, 'crowd/1.0.0');
  mkdirSync(version, { recursive: true });
  writeFileSync(join(version, 'model.onnx'), modelOf(graph));
  writeFileSync(join(version, 'manifest.yaml'), stringify(manifest));
}
