/** Normalising layers beyond the golden vectors: both back ends on drawn options, what is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  expectClose,
  graphOf,
  refusalOf,
  runBoth,
  savedInput,
  savedLayer,
  savedSequential,
  sines,
} from '../../../../test/setup/keras-graph.js';

describe('a normalising layer', () => {
  it('answers alike on both back ends, whatever its options', async () => {
    const axes = fc.constantFrom(1, -1, [1, 2], [2, 3], [-1, 1]);
    const affine = { scale: fc.boolean(), center: fc.boolean(), epsilon: fc.constantFrom(1e-3, 1e-6) };
    const drawn = fc.oneof(
      fc.record({ kind: fc.constant('LayerNormalization'), axis: axes, rms_scaling: fc.boolean(), ...affine }),
      fc.record({ kind: fc.constant('UnitNormalization'), axis: axes }),
      fc.record({ kind: fc.constant('RMSNormalization'), axis: fc.constantFrom(-1, [2, 3]) }),
      fc.record({
        kind: fc.constant('GroupNormalization'),
        axis: fc.constantFrom(-1, 1, -2),
        groups: fc.constantFrom(1, 2, -1),
        ...affine,
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(drawn, { minLength: 1, maxLength: 3 }), async (layers) => {
        const net = savedSequential(
          savedInput('x', 2, 4, 6),
          ...layers.map(({ kind, ...options }, index) => savedLayer(kind, { ...options, name: `layer_${index}` })),
        );
        await runBoth(graphOf(net, '3.15.1'), [sines([3, 2, 4, 6])], 1e-4);
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  it('lays its weights out in the order of the axes that it names, and fills them in that of its input', async () => {
    const net = (...axis: number[]): object =>
      savedSequential(savedInput('x', 2, 3), savedLayer('LayerNormalization', { axis }));
    const turned = graphOf(net(2, 1));
    expect(turned.weightSpecs.map(({ shape }) => shape)).toEqual([[3, 2], [3, 2]]); // prettier-ignore
    const inputs = [sines([2, 2, 3])];
    expectClose(await runBoth(turned, inputs), await runBoth(graphOf(net(1, 2)), inputs));
  });

  it('is the same under the names that TensorFlow 1.13 gives to BatchNormalization', async () => {
    const net = (kind: string): object =>
      savedSequential(savedInput('x', 3), savedLayer(kind, { axis: [1], epsilon: 0.01, name: 'layer' }));
    const inputs = [sines([2, 3])];
    const expected = await runBoth(graphOf(net('BatchNormalization'), '2.2.4-tf'), inputs);
    for (const kind of ['BatchNormalizationV1', 'BatchNormalizationV2'])
      expectClose(await runBoth(graphOf(net(kind), '2.2.4-tf'), inputs), expected);
  });

  it('brings every vector to length one and leaves zeros alone', async () => {
    const graph = graphOf(savedSequential(savedInput('x', 2), savedLayer('UnitNormalization', { axis: -1 })));
    const input = { shape: [2, 2], values: Float32Array.of(3, 4, 0, 0) };
    expectClose(await runBoth(graph, [input]), [{ shape: [2, 2], values: Float32Array.of(0.6, 0.8, 0, 0) }]);
  });

  it.each([
    ['LayerNormalization', { axis: 0 }, 'unsupported-option'],
    ['LayerNormalization', { axis: [1, 1] }, 'invalid-config'],
    ['UnitNormalization', { axis: 0 }, 'unsupported-option'],
    ['RMSNormalization', { axis: 1 }, 'unsupported-option'],
    ['GroupNormalization', { groups: 4 }, 'invalid-config'],
    ['GroupNormalization', { groups: 1, axis: 0 }, 'unsupported-option'],
    ['SpectralNormalization', { power_iterations: 1 }, 'unsupported-layer'],
  ])('%s of %j is refused', (className, options, code) => {
    const net = savedSequential(savedInput('x', 4, 6), savedLayer(className, options));
    expect(refusalOf(net, '3.15.1')).toMatchObject({ code, layer: className.toLowerCase() });
  });
});
