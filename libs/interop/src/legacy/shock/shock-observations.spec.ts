import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compileFeatures, FaultList, type ManifestObservations, type ModelManifest } from '#inference';
import { Faults } from '#predictions';
import { thesisManifest } from '../../../../../test/setup/shock-thesis.js';
import {
  OTHER_SIGNALS,
  SHOCK_SIGNALS,
  shockRows,
  shockTable,
  shockTime,
  type ShockRow,
} from '../../../../../test/setup/shock-table.js';
import { ShockReader, type PatientObservations } from './shock-observations.js';
import { readShockTable } from './shock-table.js';

const MANIFEST = parse(
  readFileSync(resolve(import.meta.dirname, '../../../../../models/haemodynamic-shock/1.0.0/manifest.yaml'), 'utf8'),
) as ModelManifest;
const NAMES = MANIFEST.observations!.signals.map(({ name }) => name);

function withOthers(otherSignals: ManifestObservations['otherSignals']): ModelManifest {
  return { ...MANIFEST, observations: { ...MANIFEST.observations!, otherSignals } };
}

function read(rows: readonly ShockRow[], manifest = MANIFEST): PatientObservations & { readonly faults: string[] } {
  const table = readShockTable(shockTable(rows));
  const faults = new Faults();
  const found = new ShockReader(manifest).read(table, table.patients[0]!, faults);
  return { ...found, faults: faults.list.map(({ pointer, detail }) => `${pointer} ${detail}`) };
}

/** The window that the version's own pipeline makes: values `[samples, signals]`. */
function windowOf(rows: readonly ShockRow[]): number[] {
  const faults = new FaultList();
  const features = compileFeatures({ ...MANIFEST, inputs: [] });
  const { windows } = features.read({ observations: read(rows).observations as never }, '', faults) as {
    readonly windows: readonly Float64Array[];
  };
  expect(faults.list).toEqual([]);
  return [...windows[0]!];
}

const ROW = shockRows(1)[1]!;

describe('what the model is told of a table', () => {
  it('is each value by the manifest’s own name of its signal, with its time in UTC', () => {
    const { observations, keys, faults } = read(shockRows());
    expect(faults).toEqual([]);
    expect(observations).toHaveLength(20 * 9);
    expect(observations.slice(0, 9).map(({ signal }) => signal)).toEqual(NAMES);
    expect(observations[1]).toEqual({
      signal: 'heartRate',
      value: expect.any(Number) as number,
      time: '2026-01-31T06:20:00Z',
    });
    expect(keys.slice(0, 3)).toEqual(['0', '1', '2']);
  });

  it('is the last 20 samples, whatever comes before them', () => {
    const before: ShockRow[] = [
      { ...ROW, fecRegistro: shockTime(-21), valor: 'high' },
      { ...ROW, fecRegistro: shockTime(-500), valor: 1e9 },
      ...shockRows(143).slice(0, 120 * 9),
    ];
    const { observations, faults } = read([...before, ...shockRows()]);
    expect(faults).toEqual([]);
    expect(observations).toEqual(read(shockRows()).observations);
  });

  it('is sorted by time, whatever the order of the rows', () => {
    expect(windowOf(shockRows().reverse())).toEqual(windowOf(shockRows()));
    const times = read(shockRows().reverse()).observations.map(({ time }) => String(time));
    expect(times).toEqual(times.toSorted());
  });

  it('holds several values of a signal at one time, of which the pipeline takes the mean', () => {
    const heart = shockRows().filter(({ idSigno }) => idSigno === 147842);
    const apart = heart.flatMap((row) => [
      { ...row, valor: (row.valor as number) - 10 },
      { ...row, valor: (row.valor as number) + 10 },
    ]);
    const others = shockRows().filter(({ idSigno }) => idSigno !== 147842);
    expect(read([...apart, ...others]).observations).toHaveLength(20 * 10);
    const mean = windowOf([...apart, ...others]);
    expect(mean).toHaveLength(20 * 9);
    windowOf(shockRows()).forEach((value, cell) => expect(mean[cell]).toBeCloseTo(value, 10));
  });

  it('is without what has no value', () => {
    const rows = shockRows().map((row, index) => (index % 9 === 1 && index > 9 ? { ...row, valor: null } : row));
    const { observations, faults } = read(rows);
    expect(faults).toEqual([]);
    expect(observations.filter(({ signal }) => signal === 'heartRate')).toHaveLength(1);
    // A row without a value makes no sample either.
    expect(read([...shockRows(), { ...ROW, valor: null, fecRegistro: null }]).observations).toHaveLength(180);
  });

  it.each([
    ['the code as a number', { idSigno: 150344, nomSigno: null }],
    ['the code as a text', { idSigno: '150344', nomSigno: 'a name that nobody knows' }],
    ['the name of the code', { idSigno: 999999, nomSigno: 'MDC_TEMP' }],
    ['the name of the code alone', { idSigno: null, nomSigno: 'MDC_TEMP' }],
    ['another of its codes', { idSigno: '8310-5', nomSigno: 'Body temperature' }],
    ['the name in the manifest', { idSigno: null, nomSigno: 'temperature' }],
  ])('knows a signal by %s', (_, named) => {
    const { observations, faults } = read([{ ...ROW, ...named }]);
    expect(faults).toEqual([]);
    expect(observations.map(({ signal }) => signal)).toEqual(['temperature']);
  });

  it('names a unit where the client does', () => {
    const rows = shockRows(1).map((row, index) => ({ ...row, unidad: index === 0 ? null : SHOCK_SIGNALS[index]![3] }));
    expect(read(rows).observations.map(({ unit }) => unit)).toEqual([
      undefined,
      ...SHOCK_SIGNALS.slice(1).map(([, , , unit]) => unit),
    ]);
  });

  describe('of signals that the version does not know', () => {
    const all = [...SHOCK_SIGNALS, ...OTHER_SIGNALS];

    it.each(['drop', 'refuse', undefined] as const)('is nothing where they are to be: %s', (others) => {
      const rows = [...shockRows(143, all), { ...ROW, idSigno: 1, nomSigno: 'X', fecRegistro: 'never', valor: 'x' }];
      const { observations, faults } = read(rows, withOthers(others));
      expect(faults).toEqual([]);
      expect(observations).toEqual(read(shockRows(143)).observations);
    });

    it('is their time where it makes a sample, as to the thesis’ model', () => {
      const thesis = thesisManifest('haemodynamic-shock');
      // Every second sample has a blood pressure alone.
      const rows = shockRows(40, all).filter(
        ({ idSigno }, index) =>
          Math.floor(index / all.length) % 2 === 0 || [150037, 150038].includes(idSigno as number),
      );
      const { observations, faults } = read(rows, thesis);
      expect(faults).toEqual([]);
      const times = new Set(observations.map(({ time }) => time));
      expect(times.size).toBe(20);
      const others = observations.filter(({ signal }) => typeof signal === 'number');
      expect(others).toHaveLength(10);
      expect(others[0]).toEqual({ signal: 150037, time: expect.any(String) as string });
      expect(observations.filter(({ signal }) => signal === 'heartRate')).toHaveLength(10);
    });
  });

  it.each<[string, Partial<ShockRow>, string]>([
    ['a time that is none', { fecRegistro: 'yesterday' }, '/fecRegistro/0 must be a time such as 2026-01-31 10:00:00'],
    ['a value without a time', { fecRegistro: null }, '/fecRegistro/0 is missing'],
    ['a value of no signal', { idSigno: null, nomSigno: null }, '/idSigno/0 is missing'],
    ['a code that is an object', { idSigno: {} }, '/idSigno/0 must be a number or a text'],
    ['a name that is a list', { nomSigno: [] }, '/nomSigno/0 must be a number or a text'],
    ['a code and a name of two signals', { nomSigno: 'MDC_TEMP' }, '/nomSigno/0 is another signal than idSigno says'],
  ])('is refused with %s', (_, change, fault) => {
    expect(read([{ ...ROW, ...change }]).faults).toEqual([fault]);
  });
});
