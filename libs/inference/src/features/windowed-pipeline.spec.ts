/** Rows of observations through the whole pipeline: the same alone, in a batch and in any order; what is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  NO_THESIS_FIXTURES,
  thesisGolden,
  thesisManifest,
  thesisObservations,
} from '../../../../test/setup/shock-thesis.js';
import type { FeatureDeclaration, FeatureStep, InputRow, Observation, WindowStep } from '../manifest.js';
import { drawRows } from '../verification/random-rows.js';
import { exampleObservations } from './example-observations.js';
import { FaultList } from './fault-sink.js';
import { compileFeatures, featureFaults, optionalInputs, type PipelineRow } from './feature-pipeline.js';

const start = Date.parse('2026-01-31T10:00:00Z');
const at = (seconds: number): string => new Date(start + seconds * 1000).toISOString();
const observation = (signal: string, value: number, seconds: number): Observation => ({
  signal,
  value,
  time: at(seconds),
});

const signals = [
  { name: 'pulse', title: 'Pulse', unit: '/min', range: { minimum: 0, maximum: 300 } },
  { name: 'temperature', title: 'Temperature', unit: '°C', ucum: 'Cel', range: { minimum: 10, maximum: 50 } },
];

function declaration(window: Partial<WindowStep> = {}, more: Partial<FeatureDeclaration> = {}): FeatureDeclaration {
  return {
    inputs: [],
    observations: { signals },
    features: [{ window: { samples: 3, ...window } }, { select: ['temperature', 'pulse'] }],
    ...more,
  };
}

/** Faults of one row as `pointer detail`. */
function faultsOf(declared: FeatureDeclaration, observations: unknown): string[] {
  const faults = new FaultList();
  const read = compileFeatures(declared).read({ observations } as InputRow, '/inputs/2', faults);
  expect(read === undefined).toBe(faults.list.length > 0);
  return faults.list.map(({ pointer, detail }) => `${pointer} ${detail}`);
}

const whole = [0, 60, 120].flatMap((seconds) => [
  observation('pulse', 80 + seconds, seconds),
  observation('temperature', 37, seconds),
]);

describe('a pipeline with a window', () => {
  it('makes [rows, samples, columns]', () => {
    const { inputs, build } = compileFeatures(declaration());
    expect(inputs).toEqual([{ shape: [3, 2], columns: ['temperature', 'pulse'] }]);
    expect(build([{ observations: whole }])).toEqual({
      rows: 1,
      tensors: [{ shape: [3, 2], values: Float32Array.of(37, 80, 37, 140, 37, 200) }],
    });
  });

  it('gives a row the same numbers alone, in a batch, and among rows in another order', () => {
    const features: FeatureStep[] = [
      { window: { samples: 5, samplingInterval: 60, tolerance: 5 } },
      { impute: { columns: { temperature: { constant: 37 } } } },
      { minMax: { columns: { temperature: { minimum: 30, maximum: 45 } } } },
      { standardizeWindow: { columns: ['pulse'] } },
    ];
    const declared = declaration({}, { features });
    const pipeline = compileFeatures(declared);
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), (seed, count) => {
        const rows = drawRows(declared, count, seed);
        const read = rows.map((row) => pipeline.read(row, '', new FaultList()) as PipelineRow);
        const together = pipeline.build(read).tensors[0]?.values as Float32Array;
        expect(together).toHaveLength(count * 5 * 2);
        const alone = rows.map((row) => [...(pipeline.build([row]).tensors[0]?.values ?? [])]);
        expect([...together]).toEqual(alone.flat());
        const reversed = pipeline.build(read.toReversed()).tensors[0]?.values ?? [];
        expect([...reversed]).toEqual(alone.toReversed().flat());
      }),
      { numRuns: 50 },
    );
  });

  it('repeats inputs at every timestep', () => {
    const inputs = [{ name: 'age', title: 'Age', type: 'number' as const }];
    const declared = declaration({}, { inputs, features: [{ window: { samples: 3 } }, { select: ['age', 'pulse'] }] });
    expect([...(compileFeatures(declared).build([{ age: 60, observations: whole }]).tensors[0]?.values ?? [])]).toEqual(
      [60, 80, 60, 140, 60, 200],
    );
  });

  it('feeds each input of a model by its own steps, in the model’s order', () => {
    const inputs = [{ name: 'age', title: 'Age', type: 'number' as const }];
    const features = {
      still: [{ select: ['age'] }],
      moving: [{ window: { samples: 3 } }, { select: ['pulse'] }],
      last: [{ window: { samples: 1 } }, { select: ['temperature'] }],
    };
    const declared = declaration({}, { inputs, features });
    const pipeline = compileFeatures(declared, ['moving', 'last', 'still']);
    expect(pipeline.inputs).toEqual([
      { name: 'moving', shape: [3, 1], columns: ['pulse'] },
      { name: 'last', shape: [1, 1], columns: ['temperature'] },
      { name: 'still', shape: [1], columns: ['age'] },
    ]);
    const { tensors } = pipeline.build([{ age: 60, observations: whole }]);
    expect(tensors.map(({ values }) => [...values])).toEqual([[80, 140, 200], [37], [60]]);
    expect(() => compileFeatures(declared, ['moving', 'still'])).toThrow(/takes moving, still/);
    // The window of one sample takes no value from before it.
    const early = whole.filter(({ signal, time }) => signal !== 'temperature' || time !== at(120));
    expect(faultsOf(declared, early)).toEqual([
      '/inputs/2/observations `Temperature` has no value in this window (0 of 1 samples)',
    ]);
  });

  it('throws for rows that nobody has checked, and that it refuses', () => {
    expect(() => compileFeatures(declaration()).build([{ observations: whole }, { observations: [] }])).toThrow(
      expect.objectContaining({ name: 'INVALID_REQUEST' }) as Error,
    );
  });
});

describe.skipIf(NO_THESIS_FIXTURES)('the pipeline of the thesis', () => {
  it('makes of its window what the model was given', () => {
    const { inputs, build } = compileFeatures(thesisManifest('shock'));
    expect(inputs[0]?.shape).toEqual([20, 9]);
    const made = build([{ observations: thesisObservations() }]).tensors[0]?.values ?? [];
    const expected = thesisGolden().inputs[0]?.flat() ?? [];
    expect(made).toHaveLength(180);
    for (const [index, value] of made.entries()) expect(Math.abs(value - (expected[index] ?? NaN))).toBeLessThan(1e-6);
  });
});

describe('what came of one patient is refused', () => {
  it.each<[string, Partial<WindowStep>, readonly Observation[], string[]]>([
    ['with too few timesteps', { samples: 20 }, whole, ['has 3 timesteps, the model needs 20']],
    [
      'with a signal that has no value',
      {},
      whole.filter(({ signal }) => signal !== 'temperature'),
      ['`Temperature` has no value in this window (0 of 3 samples)'],
    ],
    [
      'with a signal that starts late',
      {},
      whole.slice(0, 1).concat(whole.slice(2)),
      ['`Temperature` has a value in 2 of the 3 samples of this window only; values are carried forward'],
    ],
    [
      'with a value that would be carried too far',
      { longestForwardFill: 60 },
      whole.filter(({ signal, time }) => signal !== 'temperature' || time === at(0)),
      [
        '`Temperature` has a value in 2 of the 3 samples of this window only; values are carried forward for at most 1 min',
      ],
    ],
    [
      'with a gap',
      { longestGap: 50 },
      whole,
      [
        'has samples 1 and 2 of its window more than 50 s apart',
        'has samples 2 and 3 of its window more than 50 s apart',
      ],
    ],
    [
      'sampled otherwise',
      { samplingInterval: 25, tolerance: 5 },
      whole,
      [
        'has samples 1 and 2 of its window apart by other than 25 s ± 5 s or a multiple of it',
        'has samples 2 and 3 of its window apart by other than 25 s ± 5 s or a multiple of it',
      ],
    ],
    ['over too long a time', { span: 60 }, whole, ['has a window of more than 1 min']],
  ])('%s', (_, window, observations, details) => {
    expect(faultsOf(declaration(window), observations)).toEqual(
      details.map((detail) => `/inputs/2/observations ${detail}`),
    );
  });

  it('with all that is wrong at once', () => {
    const observations = [observation('pulse', 80, 0), observation('pulse', 80, 4000)];
    expect(faultsOf(declaration({ longestGap: 3600 }), observations)).toEqual([
      '/inputs/2/observations has 2 timesteps, the model needs 3',
      '/inputs/2/observations has samples 1 and 2 of its window more than 1 h apart',
      '/inputs/2/observations `Temperature` has no value in this window (0 of 3 samples)',
    ]);
  });

  it('out of order where they must be sorted, and taken where not', () => {
    const shuffled = [...whole.slice(2), ...whole.slice(0, 2)];
    expect(faultsOf(declaration({ order: 'ascending' }), shuffled)).toEqual([
      '/inputs/2/observations/4/time is before the time of the observation above it; sort by time',
    ]);
    expect(faultsOf(declaration({ order: 'ascending' }), whole)).toEqual([]);
    expect(faultsOf(declaration(), shuffled)).toEqual([]);
  });

  it('with two values of a signal at one time where that is refused, and their mean taken where not', () => {
    const twice = [...whole, observation('pulse', 100, 0)];
    expect(faultsOf(declaration({ duplicates: 'refuse' }), twice)).toEqual([
      '/inputs/2/observations/6 is a second value of `Pulse` at the same time',
    ]);
    expect(faultsOf(declaration({ duplicates: 'refuse' }), whole)).toEqual([]);
    expect(compileFeatures(declaration()).build([{ observations: twice }]).tensors[0]?.values[1]).toBe(90);
  });

  it('takes steps that are a multiple of the interval, within the tolerance', () => {
    const sampled = (seconds: readonly number[]): string[] =>
      faultsOf(
        declaration({ samplingInterval: 60, tolerance: 5 }),
        seconds.flatMap((second) => [observation('pulse', 80, second), observation('temperature', 37, second)]),
      );
    expect(sampled([0, 60, 120])).toEqual([]);
    expect(sampled([0, 65, 120])).toEqual([]);
    expect(sampled([0, 180, 235])).toEqual([]);
    expect(sampled([0, 66, 126])).toHaveLength(1);
    // Less than one interval is none, however large the tolerance of two.
    expect(sampled([0, 4, 64])).toHaveLength(1);
  });
});

describe('a manifest', () => {
  it.each<[string, FeatureDeclaration, string[]]>([
    [
      'observations without a window',
      declaration({}, { features: [] }),
      ['/features must have a window: observations are declared'],
    ],
    [
      'a window without observations',
      { inputs: [{ name: 'a', title: 'A', type: 'number' }], features: [{ window: { samples: 2 } }] },
      ['/features/0/window needs observations'],
    ],
    [
      'a window that is not first',
      declaration({}, { features: [{ window: { samples: 1 } }, { window: { samples: 2 } }] }),
      ['/features/1/window must be the first step'],
    ],
    [
      'rules that contradict each other',
      declaration({ samplingInterval: 60, longestGap: 30, span: 100 }),
      [
        '/features/0/window/longestGap is shorter than the samplingInterval allows',
        '/features/0/window/span is too short for 3 samples',
      ],
    ],
    [
      'a tolerance of nothing',
      declaration({ tolerance: 3 }),
      ['/features/0/window/tolerance has no meaning without a samplingInterval'],
    ],
    [
      'more samples than observations may come',
      declaration({}, { observations: { signals, maximum: 5 } }),
      ['/observations/maximum must be at least 6: every signal at every sample'],
    ],
    [
      'windows of several rules',
      declaration({}, { features: { x: [{ window: { samples: 1 } }], y: [{ window: { samples: 2, span: 9 } }] } }),
      ['/features has windows that differ in more than their samples'],
    ],
  ])('is told of %s', (_, declared, faults) => {
    expect(featureFaults(declared).map(({ pointer, detail }) => `${pointer} ${detail}`)).toEqual(faults);
    expect(() => compileFeatures(declared)).toThrow(expect.objectContaining({ name: 'MODEL_DOES_NOT_FIT' }) as Error);
  });

  it('lets an input be missing only where all that comes of it is imputed', () => {
    const inputs = ['a', 'b', 'c'].map((name) => ({ name, title: name, type: 'number' as const }));
    const impute = (name: string): FeatureStep => ({ impute: { columns: { [name]: { constant: 0 } } } });
    const optional = (features: FeatureDeclaration['features']): string[] => [...optionalInputs({ inputs, features })];
    expect(optional([])).toEqual([]);
    expect(optional([impute('a')])).toEqual(['a']);
    expect(optional([impute('a'), { select: ['b'] }])).toEqual([]);
    expect(optional({ x: [impute('a'), impute('b')], y: [{ select: ['a'] }] })).toEqual(['b']);
  });
});

describe('rows made up for a manifest', () => {
  const signal = fc.constantFrom(1, 2, 7).map((count) =>
    Array.from({ length: count }, (_, index) => ({
      name: `s${index}`,
      title: `S${index}`,
      unit: '1',
      range: { minimum: 0, maximum: 5 },
    })),
  );
  const rules = fc.record(
    {
      samples: fc.integer({ min: 1, max: 30 }),
      samplingInterval: fc.integer({ min: 1, max: 900 }),
      longestGap: fc.integer({ min: 1, max: 2000 }),
      longestForwardFill: fc.integer({ min: 0, max: 2000 }),
      span: fc.integer({ min: 1, max: 50_000 }),
      order: fc.constantFrom('any' as const, 'ascending' as const),
      duplicates: fc.constantFrom('mean' as const, 'refuse' as const),
    },
    { requiredKeys: ['samples'] },
  );

  it('keep the rules of every window that can be kept', () => {
    fc.assert(
      fc.property(signal, rules, fc.option(fc.integer({ min: 1, max: 30 })), (declaredSignals, window, other) => {
        const features = {
          one: [{ window }],
          ...(other !== null && { other: [{ window: { ...window, samples: other } }] }),
        };
        const declared: FeatureDeclaration = { inputs: [], observations: { signals: declaredSignals }, features };
        fc.pre(featureFaults(declared).length === 0);
        expect(faultsOf(declared, exampleObservations(declared))).toEqual([]);
        for (const row of drawRows(declared, 3, 7)) expect(faultsOf(declared, row.observations)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('are the same for the same seed, leave values out, and lie within the ranges', () => {
    const declared = declaration({ samples: 20 });
    const rows = drawRows(declared, 20, 1);
    expect(rows).toEqual(drawRows(declared, 20, 1));
    expect(rows).not.toEqual(drawRows(declared, 20, 2));
    const sent = rows.map((row) => row.observations as readonly Observation[]);
    expect(sent.some((observations) => observations.length < 40)).toBe(true);
    for (const { signal: name, value } of sent.flat()) {
      const { range } = signals.find((one) => one.name === name)!;
      expect(value).toBeGreaterThanOrEqual(range.minimum);
      expect(value).toBeLessThanOrEqual(range.maximum);
    }
  });
});
