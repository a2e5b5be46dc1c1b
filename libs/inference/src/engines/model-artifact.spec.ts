import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ModelArtifact } from './model-artifact.js';

const golden = join(import.meta.dirname, '../../../../test/golden');

it('tells how many numbers the layers of a Keras file make of a row', async () => {
  const network = new ModelArtifact(readFileSync(join(golden, 'keras/mlp-6-14-7-1-k3_15-keras.keras')), 'keras');
  expect(await network.valuesPerRow()).toBe(14 + 7 + 1);
  const forest = new ModelArtifact(readFileSync(join(golden, 'onnx/vertebral-random-forest.onnx')), 'onnx');
  expect(await forest.valuesPerRow()).toBeUndefined();
});
