/** Rows of observations as a client meets them: the schema it builds from, the validator that answers, and both alike. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { FaultList, readTime, type ManifestObservations, type ModelManifest } from '#inference';
import { DomainError } from '#platform';
import { withinProcessorMs } from '../../../../test/setup/processor-time.js';
import { thesisManifest } from '../../../../test/setup/shock-thesis.js';
import { cardFromManifest } from './model-card.js';
import { ANNOTATIONS, exampleRow, rowSchema } from './row-schema.js';
import { compileRowReader } from './row-validator.js';
import { readManifest } from './version-documents.js';

const heart = {
  name: 'heartRate',
  title: 'Heart rate',
  unit: '/min',
  range: { minimum: 0, maximum: 350 },
  codes: [
    { system: 'urn:iso:std:iso:11073:10101', code: '147842', display: 'MDC_ECG_HEART_RATE' },
    { system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' },
  ],
  example: 80,
};
const temperature = {
  name: 'temperature',
  title: 'Temperature',
  unit: '°C',
  ucum: 'Cel',
  range: { minimum: 10, maximum: 50 },
};

function manifestWith(
  changes: Partial<ModelManifest> = {},
  observations: Partial<ManifestObservations> = {},
): ModelManifest {
  return readManifest(
    stringify({
      ...thesisManifest('window'),
      observations: { signals: [heart, temperature], ...observations },
      features: [{ window: { samples: 1 } }],
      ...changes,
    }),
  );
}

const time = '2026-01-31T10:00:00Z';
const both = [
  { signal: 'heartRate', value: 80, time },
  { signal: 'temperature', value: 37, time, unit: 'Cel' },
];

function faultsOf(manifest: ModelManifest, row: unknown): string[] {
  const faults = new FaultList();
  const read = compileRowReader(manifest)(row, '/inputs/3', faults);
  expect(read === undefined).toBe(faults.list.length > 0);
  return faults.list.map(({ pointer, detail }) => `${pointer} ${detail}`);
}

const withOne = (change: object): object => ({ observations: [{ ...both[0], ...change }, both[1]] });

describe('a row of observations', () => {
  const manifest = manifestWith();

  it.each(['heartRate', '147842', 147842, '8867-4'])('names a signal by name or by any of its codes: %s', (signal) => {
    expect(faultsOf(manifest, withOne({ signal }))).toEqual([]);
  });

  it('names the unit as it is shown or in UCUM, or not at all', () => {
    for (const unit of [undefined, '°C', 'Cel'])
      expect(faultsOf(manifest, { observations: [both[0], { ...both[1], unit }] })).toEqual([]);
  });

  it.each<[object, string]>([
    [{ signal: 'Heart rate' }, '/signal is not a signal that the model takes'],
    [{ signal: undefined }, '/signal is missing'],
    [{ signal: { a: 1 } }, '/signal must be the name or a code of a signal'],
    [{ signal: '__proto__' }, '/signal is not a signal that the model takes'],
    [{ signal: 147842.5 }, '/signal is not a signal that the model takes'],
    [{ value: undefined }, '/value is missing'],
    [{ value: null }, '/value must be a number'],
    [{ value: '80' }, '/value must be a number'],
    [{ value: 'NaN' }, '/value must be a number'],
    [{ value: [80] }, '/value must be a number'],
    [{ value: JSON.parse('1e999') as number }, '/value must be a finite number'],
    [{ value: -1 }, '/value must be at least 0'],
    [{ value: 351 }, '/value must be at most 350'],
    [{ time: undefined }, '/time is missing'],
    [{ time: '2026-01-31T10:00:00' }, '/time must be a time with its offset, such as 2026-01-31T10:00:00Z'],
    [{ time: 1769853600 }, '/time must be a time with its offset, such as 2026-01-31T10:00:00Z'],
    [{ unit: 'beats/min' }, '/unit must be /min, or left out'],
    [{ unit: 'Cel' }, '/unit must be /min, or left out'],
    [{ unit: 60 }, '/unit must be a text'],
    [{ unit: null }, '/unit must be a text'],
    [{ note: 'x' }, '/note is not a known field'],
    [{ 'a/b': 'x' }, '/a~1b is not a known field'],
  ])('with %j is told: %s', (change, fault) => {
    expect(faultsOf(manifest, withOne(change))).toEqual([`/inputs/3/observations/0${fault}`]);
  });

  it('is told all its faults at once', () => {
    const row = { observations: [{ value: 'x', note: 1 }, { ...both[1], value: 90, unit: 'K', time: '' }, 7], age: 3 };
    expect(faultsOf(manifest, row)).toEqual([
      '/inputs/3/age is not a known input',
      '/inputs/3/observations/0/time is missing',
      '/inputs/3/observations/0/signal is missing',
      '/inputs/3/observations/0/value must be a number',
      '/inputs/3/observations/0/note is not a known field',
      '/inputs/3/observations/1/time must be a time with its offset, such as 2026-01-31T10:00:00Z',
      '/inputs/3/observations/1/value must be at most 50',
      '/inputs/3/observations/1/unit must be °C or Cel, or left out',
      '/inputs/3/observations/2 must be an object with signal, value and time',
    ]);
  });

  it.each<[unknown, string]>([
    [{}, '/observations is missing'],
    [{ observations: null }, '/observations must be a list of observations'],
    [{ observations: {} }, '/observations must be a list of observations'],
    [{ observations: 'x' }, '/observations must be a list of observations'],
    [{ observations: [] }, '/observations must have at least 1 observation'],
    [null, ' must be an object that holds the inputs by name'],
  ])('is no %j', (row, fault) => {
    expect(faultsOf(manifest, row)).toEqual([`/inputs/3${fault}`]);
  });

  it('has inputs beside its observations where the manifest has both, told together', () => {
    const inputs = [{ name: 'age', title: 'Age', type: 'integer' as const, range: { minimum: 0, maximum: 120 } }];
    const mixed = manifestWith({ inputs });
    expect(faultsOf(mixed, { age: 60, observations: both })).toEqual([]);
    expect(faultsOf(mixed, { age: 130, observations: [both[0]] })).toEqual([
      '/inputs/3/age must be at most 120',
      '/inputs/3/observations `Temperature` has no value in this window (0 of 1 samples)',
    ]);
  });

  it('of other signals is refused, dropped, or taken for its time, as the manifest says', () => {
    const later = { signal: 'rhythm', value: 'sinus', time: '2026-01-31T10:05:00Z', unit: 7 };
    const row = { observations: [...both, later] };
    expect(faultsOf(manifest, row)).toContain('/inputs/3/observations/2/signal is not a signal that the model takes');
    expect(faultsOf(manifestWith({}, { otherSignals: 'drop' }), row)).toEqual([]);
    expect(
      faultsOf(manifestWith({}, { otherSignals: 'drop' }), { observations: [...both, { signal: 'rhythm' }] }),
    ).toEqual([]);
    // Its time makes the last timestep, in which nothing has a value.
    expect(faultsOf(manifestWith({}, { otherSignals: 'timestep' }), row)).toEqual([
      '/inputs/3/observations `Heart rate` has no value in this window (0 of 1 samples)',
      '/inputs/3/observations `Temperature` has no value in this window (0 of 1 samples)',
    ]);
    for (const otherSignals of ['drop', 'timestep'] as const)
      expect(
        faultsOf(manifestWith({}, { otherSignals }), { observations: [...both, { ...later, signal: null }] }),
      ).toContain('/inputs/3/observations/2/signal must be the name or a code of a signal');
  });
});

describe('hostile observations', () => {
  const manifest = manifestWith({ features: [{ window: { samples: 5000 } }] });
  const within = (milliseconds: number, of: ModelManifest, row: unknown): string[] => {
    const read = compileRowReader(of);
    const faults = new FaultList();
    withinProcessorMs(milliseconds, () => read(row, '/input', faults));
    return faults.list.map(({ pointer, detail }) => `${pointer} ${detail}`);
  };

  it('more than are taken are not looked at', () => {
    expect(within(500, manifest, { observations: Array<null>(1_000_000).fill(null) })).toEqual([
      '/input/observations has 1000000 observations; at most 10000 are taken for one patient',
    ]);
  });

  it('that are all wrong are told until the list is full', () => {
    expect(within(1_000, manifest, { observations: Array<object>(10_000).fill({}) })).toHaveLength(100);
  });

  it('that nest without end, or have a giant name, are refused at once', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
    for (const otherSignals of ['refuse', 'drop', 'timestep'] as const) {
      const tolerant = manifestWith({}, { otherSignals });
      const row = {
        observations: [
          { signal: deep, value: deep, time: deep, unit: deep },
          { signal: 'other', value: deep, time },
        ],
      };
      expect(within(1_000, tolerant, row).length).toBeGreaterThan(0);
      const giant = { ...both[0], ['k'.repeat(500_000)]: 1 };
      expect(within(1_000, tolerant, { observations: [giant] }).join().length).toBeLessThan(400);
    }
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`f${index}`, index]));
    expect(within(1_000, manifestWith(), { observations: [{ ...both[0], ...wide }] })).toHaveLength(10);
  });

  it('cannot hide behind a prototype', () => {
    const row = JSON.parse(`{"observations": [{"__proto__": ${JSON.stringify(both[0])}}]}`) as unknown;
    expect(within(1_000, manifestWith(), row)).toContain('/input/observations/0/signal is missing');
  });

  it('10,000 valid ones in no order are read quickly', () => {
    const start = Date.parse(time);
    const observations = Array.from({ length: 10_000 }, (_, index) => ({
      signal: index < 5_000 ? 'temperature' : 147842,
      value: 37,
      time: new Date(start + ((index * 7919) % 5000) * 1000).toISOString(),
    }));
    expect(within(1_000, manifest, { observations })).toEqual([]);
  });
});

describe('the schema of a row of observations', () => {
  const ajv = new Ajv2020({ strict: false });
  ajv.addVocabulary(ANNOTATIONS);
  ajv.addFormat('date-time', (text) => !Number.isNaN(readTime(text)));

  it('says names, codes, range and units of each signal, and gives a row that the model takes', () => {
    const manifest = thesisManifest('shock');
    const schema = rowSchema(manifest);
    expect(schema.required).toEqual(['observations']);
    expect(schema.properties.observations).toMatchObject({
      type: 'array',
      maxItems: 10_000,
      items: {
        oneOf: expect.arrayContaining([
          expect.objectContaining({
            title: 'Temperature',
            description: 'Unit: °C.',
            'x-unit': '°C',
            'x-ucum': 'Cel',
            properties: expect.objectContaining({
              signal: { enum: ['temperature', '150344', 150344] },
              value: { type: 'number', minimum: 10, maximum: 50 },
              unit: expect.objectContaining({ enum: ['°C', 'Cel'] }) as object,
            }) as object,
          }),
        ]) as object[],
      },
    });
    expect(ajv.validate(schema, exampleRow(manifest)), JSON.stringify(ajv.errors)).toBe(true);
    expect(faultsOf(manifest, exampleRow(manifest))).toEqual([]);
    expect(schema.examples).toEqual([exampleRow(manifest)]);
  });

  it('allows what the validator takes of each observation, and nothing else', () => {
    const observation = fc.record(
      {
        signal: fc.constantFrom<unknown>('heartRate', 147842, '8867-4', 'temperature', 'other', 1, null),
        value: fc.constantFrom<unknown>(0, 37, 350, 350.5, -1, '1', null),
        time: fc.constantFrom<unknown>(time, '2026-01-31T11:00+01:00', '2026-01-31', 7),
        unit: fc.constantFrom<unknown>('/min', 'Cel', 'K', 1),
        note: fc.constant('x'),
      },
      { requiredKeys: [] },
    );
    // Mostly whole ones: an observation with everything left out is a small part of what may be wrong.
    const whole = fc.record({
      signal: fc.constantFrom('heartRate', 'other'),
      value: fc.constantFrom(37, 400),
      time: fc.constant(time),
    });
    for (const otherSignals of ['refuse', 'drop', 'timestep'] as const) {
      const manifest = manifestWith({}, { otherSignals });
      const allows = ajv.compile(rowSchema(manifest));
      const read = compileRowReader(manifest);
      fc.assert(
        fc.property(fc.array(fc.oneof(observation, whole), { minLength: 1, maxLength: 3 }), (observations) => {
          // The last ones make a whole window, so that nothing but the form of the first ones is at fault.
          const last = '2027-01-31T10:00:00Z';
          const row = { observations: [...observations, ...both.map((one) => ({ ...one, time: last }))] };
          const faults = new FaultList();
          expect(read(row, '', faults) !== undefined, JSON.stringify(faults.list)).toBe(allows(row));
        }),
        { numRuns: 400 },
      );
    }
  });

  it('lets an imputed input be left out or null, and no other', () => {
    const age = {
      name: 'age',
      title: 'Age',
      type: 'integer' as const,
      values: [
        { value: 1, title: 'a' },
        { value: 2, title: 'b' },
      ],
    };
    const height = { name: 'height', title: 'Height', type: 'number' as const, range: { minimum: 0, maximum: 3 } };
    const manifest = readManifest(
      stringify({
        ...thesisManifest('table'),
        inputs: [age, height],
        observations: undefined,
        features: [{ impute: { columns: { age: { median: 1 } } } }],
      }),
    );
    const schema = rowSchema(manifest);
    expect(schema.required).toEqual(['height']);
    expect(schema.properties.age).toMatchObject({ type: ['integer', 'null'], enum: [1, 2, null] });
    for (const row of [{ height: 1 }, { height: 1, age: null }, { height: 1, age: 2 }]) {
      expect(faultsOf(manifest, row)).toEqual([]);
      expect(ajv.validate(schema, row)).toBe(true);
    }
    expect(faultsOf(manifest, { age: 3, height: null })).toEqual([
      expect.stringMatching(/^\/inputs\/3\/age must be one of 1, 2, null/),
      '/inputs/3/height must be a number',
    ]);
  });
});

describe('a manifest of observations', () => {
  const faultsIn = (changes: object): string[] => {
    try {
      readManifest(stringify({ ...thesisManifest('window'), ...changes }));
      return [];
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return (error.extra.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`);
    }
  };
  const signalsAre = (signals: object[]): object => ({
    observations: { signals },
    features: [{ window: { samples: 2 } }],
  });

  it('may have no inputs; something must come in', () => {
    expect(readManifest(stringify({ ...thesisManifest('window'), inputs: undefined })).inputs).toEqual([]);
    expect(faultsIn({ inputs: undefined, observations: undefined, features: undefined })).toEqual([
      '/inputs is missing',
      '/observations is missing',
      ' must have at least one of what is named as missing',
    ]);
    expect(faultsIn({ inputs: [], observations: undefined })).not.toEqual([]);
  });

  it('has names and codes that stand for one signal each', () => {
    expect(faultsIn(signalsAre([heart, { ...temperature, name: 'heartRate' }]))).toEqual([
      '/observations/signals/1/name stands for another signal or input already',
    ]);
    expect(faultsIn(signalsAre([heart, { ...temperature, codes: [{ ...heart.codes[1] }] }]))).toEqual([
      '/observations/signals/1/codes/0/code stands for another signal or input already',
    ]);
    const input = { name: 'temperature', title: 'Temperature', type: 'number' };
    expect(faultsIn({ ...signalsAre([heart, temperature]), inputs: [input] })).toEqual([
      '/observations/signals/1/name stands for another signal or input already',
    ]);
    const reserved = { name: 'observations', title: 'Observations', type: 'number' };
    expect(faultsIn({ ...signalsAre([heart]), inputs: [reserved] })).toEqual([
      '/inputs must not have an input called observations beside observations',
    ]);
  });

  it('has ranges and examples that agree', () => {
    expect(faultsIn(signalsAre([{ ...heart, example: 400 }]))).toEqual([
      "/observations/signals/0/example is against the signal's own range",
    ]);
    expect(faultsIn(signalsAre([{ ...heart, range: { minimum: 2, maximum: 1 } }]))).toEqual([
      '/observations/signals/0/range has a minimum above its maximum',
    ]);
  });

  it.each([
    [[{ window: { samples: 0 } }]],
    [[{ window: { samples: 2.5 } }]],
    [[{ window: {} }]],
    [[{ window: { samples: 2, longest: 3 } }]],
    [[{ window: { samples: 2 }, select: ['heartRate'] }]],
    [[{}]],
    [[{ standardize: { columns: { heartRate: { mean: 1, deviation: 0 } } } }]],
    [[{ impute: { columns: { heartRate: { constant: 1, median: 2 } } } }]],
    [[{ impute: { columns: {} } }]],
    [{}],
    ['window'],
  ])('does not take features of the form %j', (features) => {
    expect(faultsIn({ features }).length).toBeGreaterThan(0);
  });

  it('is as the documentation shows it', () => {
    const page = readFileSync(resolve(import.meta.dirname, '../../../../docs/models.md'), 'utf8');
    const [, shown] = /### Windows\n\n```yaml\n([^`]*)```/.exec(page) ?? [];
    expect(faultsIn(parse(shown ?? '') as object)).toEqual([]);
    expect(parse(shown ?? '')).toMatchObject({
      observations: { otherSignals: 'drop' },
      features: expect.any(Array) as object[],
    });
  });

  it('has a card that lists its signals', () => {
    const card = cardFromManifest(thesisManifest('shock'));
    expect(card).toContain('| temperature | Temperature | °C | 10 to 50 | 150344 (urn:iso:std:iso:11073:10101) |');
    expect(card).not.toContain('## Inputs');
  });
});
