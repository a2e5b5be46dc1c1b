import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { Distribution } from './distribution.js';

const definition = { name: 'latency_seconds', help: 'Of requests', buckets: [0.001, 0.01, 0.1] };

it("is written as prom-client's own histogram is", async () => {
  const observation = fc.tuple(
    fc.constantFrom('a', 'b"\\\n'),
    fc.oneof(fc.constantFrom(0, 0.001, 0.01, 0.1), fc.double({ min: 0, max: 1, noNaN: true })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(observation, { maxLength: 50 }), async (observations) => {
      const [own, theirs] = [new Registry(), new Registry()];
      const distribution = new Distribution({ ...definition, label: 'model' }, own);
      const histogram = new Histogram({ ...definition, labelNames: ['model'], registers: [theirs] });
      for (const [model, value] of observations) {
        distribution.of(model).observe(value);
        histogram.observe({ model }, value);
      }
      expect(await own.metrics()).toBe(await theirs.metrics());
    }),
  );
});
