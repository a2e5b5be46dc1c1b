import { describe, expect, it } from 'vitest';
import { DomainError } from '#platform';
import { shockRows, shockTable } from '../../../../../test/setup/shock-table.js';
import { readShockTable } from './shock-table.js';

const TWO_ROWS = shockTable(shockRows(1).slice(0, 2));

function faultsOf(body: unknown): string[] {
  try {
    readShockTable(body);
  } catch (error) {
    if (error instanceof DomainError)
      return (error.extra.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`);
    throw error;
  }
  return [];
}

describe('a table of the older service', () => {
  it('has the rows of one index in all columns, whatever the order of each', () => {
    const { several, patients, valor } = readShockTable({
      idAtencion: 7,
      idSigno: { b: 147842, a: 150344 },
      nomSigno: { a: 'MDC_TEMP', b: 'MDC_ECG_HEART_RATE' },
      valor: { b: 80, a: 37 },
      fecRegistro: { a: '2000-01-01 00:00:00', b: '2000-01-01 00:00:00' },
      sede: { a: { deep: [] } },
      servicio: 'UCI',
    });
    expect(several).toBe(false);
    expect(patients).toEqual([{ idAtencion: 7, keys: ['b', 'a'], pointer: '' }]);
    expect(valor.a).toBe(37);
  });

  it('has several patients in the order in which they first appear', () => {
    const rows = [31, 7, 31, 7, 9].map((idAtencion) => ({ ...shockRows(1)[0]!, idAtencion }));
    const { several, patients } = readShockTable(shockTable(rows));
    expect(several).toBe(true);
    expect(patients).toEqual([
      { idAtencion: 31, keys: ['0', '2'], pointer: '/idAtencion/0' },
      { idAtencion: 7, keys: ['1', '3'], pointer: '/idAtencion/1' },
      { idAtencion: 9, keys: ['4'], pointer: '/idAtencion/4' },
    ]);
  });

  it('reads the number of a patient from digits too, as the older service did', () => {
    expect(readShockTable({ ...TWO_ROWS, idAtencion: '42' }).patients[0]?.idAtencion).toBe(42);
    expect(readShockTable({ ...TWO_ROWS, idAtencion: { 0: '1', 1: 1 } }).patients).toHaveLength(1);
  });

  it('names each cell that a column lacks', () => {
    const valor = { 0: TWO_ROWS.valor['0'] };
    expect(faultsOf({ ...TWO_ROWS, valor, nomSigno: { ...TWO_ROWS.nomSigno, x: 'MDC_TEMP' } })).toEqual([
      '/valor/1 is missing',
      '/idSigno/x is missing',
      '/valor/x is missing',
      '/fecRegistro/x is missing',
    ]);
    expect(faultsOf({ ...TWO_ROWS, idAtencion: { 0: 1 } })).toEqual(['/idAtencion/1 is missing']);
  });

  it.each<[string, unknown, string[]]>([
    ['no body', undefined, [' is missing']],
    ['null', null, [' is missing']],
    ['a list', [TWO_ROWS], [' must be an object']],
    ['a text', 'x', [' must be an object']],
    [
      'no columns',
      {},
      ['idAtencion', 'idSigno', 'nomSigno', 'valor', 'fecRegistro'].map((name) => `/${name} is missing`),
    ],
    [
      'columns that are lists, texts and numbers',
      { ...TWO_ROWS, idSigno: [147842], nomSigno: 'MDC_TEMP', valor: 1, fecRegistro: null, unidad: [] },
      ['idSigno', 'nomSigno', 'valor', 'fecRegistro', 'unidad'].map((name) => `/${name} must be an object`),
    ],
    ['half a patient', { ...TWO_ROWS, idAtencion: 1.5 }, ['/idAtencion must be an integer']],
    ['a patient by name', { ...TWO_ROWS, idAtencion: 'Ana' }, ['/idAtencion must be an integer']],
    ['a patient past all numbers', { ...TWO_ROWS, idAtencion: 2 ** 53 }, ['/idAtencion must be an integer']],
    ['true for a patient', { ...TWO_ROWS, idAtencion: true }, ['/idAtencion must be an integer']],
    ['no patient in a row', { ...TWO_ROWS, idAtencion: { 0: 1, 1: null } }, ['/idAtencion/1 must be an integer']],
    [
      'no rows of no patients',
      { idAtencion: {}, idSigno: {}, nomSigno: {}, valor: {}, fecRegistro: {} },
      ['/idAtencion must name at least 1 patient'],
    ],
  ])('refuses %s', (_, body, expected) => {
    expect(faultsOf(body)).toEqual(expected);
  });

  it('refuses more patients than any plan admits before it looks at their rows', () => {
    const patients = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [String(index), index]));
    expect(faultsOf({ idAtencion: patients(1_001) })).toEqual([' must have at most 1000 rows']);
    const column = patients(1_000);
    const table = { idAtencion: column, idSigno: column, nomSigno: column, valor: column, fecRegistro: column };
    expect(readShockTable(table).patients).toHaveLength(1_000);
  });

  it('takes no column from a prototype', () => {
    const inherited = Object.create(TWO_ROWS) as object;
    expect(faultsOf(inherited)).toHaveLength(5);
    expect(faultsOf({ ...TWO_ROWS, valor: Object.create(TWO_ROWS.valor) as object })).toEqual([
      '/valor/0 is missing',
      '/valor/1 is missing',
    ]);
  });

  it('lists at most 100 faults', () => {
    expect(faultsOf({ ...shockTable(shockRows()), valor: {} })).toHaveLength(100);
  });
});
