import { describe, expect, it } from 'vitest';
import type { ObservationsDeclaration } from './observations';
import { asJson, readObservations, readTime, type ReadText } from './observations-text';

const declaration: ObservationsDeclaration = {
  signals: [
    {
      name: 'heartRate',
      title: 'Heart rate',
      unit: '/min',
      range: { minimum: 0, maximum: 350 },
      codes: [{ system: 'mdc', code: '147842' }],
    },
    { name: 'temperature', title: 'Temperature', unit: '°C', range: { minimum: 20, maximum: 45 } },
  ],
  otherSignals: 'drop',
  maximum: 5,
};
const read = (text: string, overrides: Partial<ObservationsDeclaration> = {}): ReadText =>
  readObservations(text, { ...declaration, ...overrides }, ({ name, title }) =>
    name === 'heartRate' ? 'Frecuencia cardíaca' : title,
  );
const observationsOf = (text: string) => (read(text) as { observations: unknown }).observations;

describe('observations as a table', () => {
  const expected = [
    { signal: 'heartRate', value: 80, time: '2026-01-01T10:00:00Z', unit: '/min' },
    { signal: 'temperature', value: 36.8, time: '2026-01-01T10:00:00Z', unit: '°C' },
    { signal: 'heartRate', value: 82, time: '2026-01-01T10:05:00Z', unit: '/min' },
  ];

  it('are read with commas and decimal points', () => {
    expect(observationsOf('time,heartRate,temperature\n2026-01-01T10:00Z,80,36.8\n2026-01-01T10:05:00Z,82,\n')).toEqual(
      expected,
    );
  });

  it('are read with semicolons and decimal commas, in the reader’s language, as spreadsheets write them', () => {
    const text =
      '\uFEFFFecha y hora;Frecuencia cardiaca (/min);Temperature [°C]\r\n2026-01-01 10:00;80;36,8\r\n2026-01-01 10:05;82;NA\r\n';
    expect(observationsOf(text)).toEqual(expected);
  });

  it('find signals by their codes too, and say which columns they leave out', () => {
    expect(read('147842,time,ward\n80,2026-01-01T10:00:00+02:00,B')).toEqual({
      observations: [{ signal: 'heartRate', value: 80, time: '2026-01-01T10:00:00+02:00', unit: '/min' }],
      ignored: ['ward'],
    });
  });

  it('say by line and column what is wrong', () => {
    expect(read('time;heartRate\n2026-01-01T10:00Z;fast\n2026-02-31T10:00Z;80\n2026-01-01T10:00Z;400\n1;2;3')).toEqual({
      faults: [
        { code: 'number', line: 2, column: 2, found: 'fast' },
        { code: 'time', line: 3, column: 1, found: '2026-02-31T10:00Z' },
        { code: 'maximum', limit: 350, line: 4, column: 2, found: '400' },
        { code: 'cells', line: 5, found: '3', limit: 2 },
      ],
    });
    expect(read('a,b\n1,2')).toEqual({
      faults: [
        { code: 'noTime', line: 1 },
        { code: 'noSignal', line: 1 },
      ],
    });
    expect(read('time,heartRate,Heart rate\n')).toMatchObject({ faults: [{ code: 'twice', column: 3 }] });
    expect(read('time,heartRate\n2026-01-01T10:00Z,"80')).toMatchObject({ faults: [{ code: 'openQuote', line: 2 }] });
    expect(read('time,heartRate\n2026-01-01T10:00Z,')).toEqual({ faults: [{ code: 'noRows' }] });
  });

  it('do not take a decimal comma where it divides the cells', () => {
    expect(read('time,heartRate\n2026-01-01T10:00Z,"80,5"')).toMatchObject({ faults: [{ code: 'number' }] });
  });
});

describe('observations as JSON', () => {
  const observation = { signal: 'heartRate', value: 80, time: '2026-01-01T10:00:00Z' };

  it('are read as a list, as a row, and as a request', () => {
    for (const sent of [[observation], { observations: [observation] }, { input: { observations: [observation] } }])
      expect(observationsOf(JSON.stringify(sent))).toEqual([observation]);
    expect(observationsOf(asJson([{ ...observation, unit: '/min' }]))).toEqual([{ ...observation, unit: '/min' }]);
  });

  it('say where the text is no JSON', () => {
    expect(read('[\n  {"signal": }\n]')).toMatchObject({ faults: [{ code: 'json', line: 2 }] });
    expect(read('{"observations": [')).toMatchObject({ faults: [{ code: 'json', line: 1 }] });
  });

  it('say which observation is wrong, and in what', () => {
    const sent = [
      observation,
      { ...observation, value: '80' },
      { ...observation, time: 'noon' },
      { ...observation, signal: 147842, value: -1 },
      7,
    ];
    expect(read(JSON.stringify(sent))).toEqual({
      faults: [
        { code: 'number', entry: 2, found: '"80"' },
        { code: 'time', entry: 3, found: '"noon"' },
        { code: 'minimum', limit: 0, entry: 4, found: '-1' },
        { code: 'shape', entry: 5 },
      ],
    });
    expect(read('{"heartRate": 80}')).toEqual({ faults: [{ code: 'shape' }] });
    expect(read('[]')).toEqual({ faults: [{ code: 'noRows' }] });
    expect(read(' ')).toEqual({ faults: [{ code: 'empty' }] });
    expect(read(JSON.stringify(Array(6).fill(observation)))).toEqual({ faults: [{ code: 'tooMany', limit: 5 }] });
  });

  it('treat other signals as the model does', () => {
    const other = { ...observation, signal: 'cvp' };
    expect(read(JSON.stringify([observation, other]))).toMatchObject({ ignored: ['cvp'] });
    expect(read(JSON.stringify([other]), { otherSignals: 'refuse' })).toEqual({
      faults: [{ code: 'signal', entry: 1, found: 'cvp' }],
    });
  });
});

describe('times', () => {
  it('keep their offset, and are UTC without one', () => {
    expect(readTime('2026-01-31T10:00:00.250+01:00')).toBe('2026-01-31T10:00:00.250+01:00');
    expect(readTime('2026-01-31 10:00')).toBe('2026-01-31T10:00:00Z');
  });

  it('are refused where they are ambiguous or none', () => {
    for (const text of [
      '31/01/2026 10:00',
      '2026-01-31',
      '2026-13-01T10:00Z',
      '2026-02-30T10:00Z',
      '2026-01-01T25:00Z',
    ])
      expect(readTime(text)).toBeUndefined();
  });
});
