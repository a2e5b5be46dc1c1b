import { describe, expect, it } from 'vitest';
import { fieldOf, patientOf, PREDICT, readPatient, riskOf, SERVICE } from './patient.js';

const SENT = { presionArterial: 1.4, colesterol: 2.4, azucar: 1.8, edad: 72, sobrepeso: 0, tabaquismo: 0 };
const ROW = { systolicPressure: 1.4, cholesterol: 2.4, glucose: 1.8, age: 72, overweight: 0, smoker: 0 };

function faultsOf(changes: object): Record<string, string> {
  const { faults } = readPatient({ ...SENT, ...changes }, PREDICT);
  return Object.fromEntries(faults.map(({ pointer, detail }) => [pointer, detail]));
}

describe('a patient of the older service', () => {
  it('is read in either vocabulary', () => {
    expect(readPatient(SENT, PREDICT)).toEqual({ row: ROW, subject: null, faults: [] });
    const { presionArterial, colesterol, ...rest } = SENT;
    const sent = { nivel_colesterol: colesterol, presion_arterial: presionArterial, ...rest };
    expect(readPatient(sent, SERVICE)).toEqual({ row: ROW, subject: null, faults: [] });
  });

  it('has a name that becomes the subject, where the route has one', () => {
    expect(readPatient({ ...SENT, nombre: 'Ana' }, PREDICT)).toMatchObject({ subject: 'Ana', faults: [] });
    expect(readPatient({ ...SENT, nombre: null }, PREDICT)).toMatchObject({ subject: null, faults: [] });
    expect(readPatient({ nombre: 'Ana' }, SERVICE).faults).toContainEqual({
      pointer: '/nombre',
      detail: 'Unknown field.',
    });
  });

  it.each([true, 1, '1', 'True', 'true', 'TRUE', 'yes', 'on', 't', 'Y'])('is overweight with %j', (sobrepeso) => {
    expect(readPatient({ ...SENT, sobrepeso }, PREDICT)).toMatchObject({ row: { overweight: 1 }, faults: [] });
  });

  it.each([false, 0, '0', 'False', 'false', 'FALSE', 'no', 'off', 'f', 'N'])('is not with %j', (sobrepeso) => {
    expect(readPatient({ ...SENT, sobrepeso }, PREDICT)).toMatchObject({ row: { overweight: 0 }, faults: [] });
  });

  it.each(['1.4', ' 1.4 ', '+1.4', '14e-1', '1.40'])('has the pressure that the text %j says', (presionArterial) => {
    expect(readPatient({ ...SENT, presionArterial }, PREDICT)).toMatchObject({ row: ROW, faults: [] });
  });

  it.each([
    [{ colesterol: 'high' }, { '/colesterol': 'Not a valid number.' }],
    [{ colesterol: '' }, { '/colesterol': 'Not a valid number.' }],
    [{ colesterol: '0x10' }, { '/colesterol': 'Not a valid number.' }],
    [{ colesterol: true }, { '/colesterol': 'Not a valid number.' }],
    [{ colesterol: [2.4] }, { '/colesterol': 'Not a valid number.' }],
    [{ colesterol: null }, { '/colesterol': 'Field may not be null.' }],
    [{ colesterol: Infinity }, { '/colesterol': 'Special numeric values (nan or infinity) are not permitted.' }],
    [{ colesterol: '1e999' }, { '/colesterol': 'Special numeric values (nan or infinity) are not permitted.' }],
    [{ edad: 72.5 }, { '/edad': 'Not a valid integer.' }],
    [{ edad: '72 años' }, { '/edad': 'Not a valid integer.' }],
    [{ sobrepeso: 2 }, { '/sobrepeso': 'Not a valid boolean.' }],
    [{ sobrepeso: 'sí' }, { '/sobrepeso': 'Not a valid boolean.' }],
    [{ sobrepeso: {} }, { '/sobrepeso': 'Not a valid boolean.' }],
    [{ nombre: 7 }, { '/nombre': 'Not a valid string.' }],
    [{ nombre: 'a\0b' }, { '/nombre': 'Not a valid string.' }],
    [{ nombre: 'ñ'.repeat(201) }, { '/nombre': 'Longer than maximum length 200.' }],
    [{ altura: 1.8 }, { '/altura': 'Unknown field.' }],
    [{ cholesterol: 2.4 }, { '/cholesterol': 'Unknown field.' }],
    [{ constructor: 1 }, { '/constructor': 'Unknown field.' }],
    [{ 'a/b~c': 1 }, { '/a~1b~0c': 'Unknown field.' }],
  ])('%j is at fault for %j', (changes, faults) => {
    expect(faultsOf(changes)).toEqual(faults);
  });

  it('is at fault for all that is missing, and for what has the name of a prototype’s member only where it is a field', () => {
    expect(readPatient({ toString: 1 }, PREDICT).faults.map(({ pointer }) => pointer)).toEqual([
      ...Object.keys(PREDICT.fields).map((field) => `/${field}`),
      '/toString',
    ]);
  });

  it.each([[[]], ['text'], [7], [null], [undefined]])('is none that is %j', (body) => {
    expect(() => readPatient(body, PREDICT)).toThrow('1 value is at fault');
  });

  it('lists no more than a hundred faults', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`f${index}`, 0]));
    expect(readPatient(many, PREDICT).faults).toHaveLength(100);
  });

  it('comes back from the record as its clients know it', () => {
    const sent = { ...SENT, sobrepeso: false, tabaquismo: false };
    expect(patientOf({ subject: null, input: ROW }, PREDICT)).toEqual(sent);
    expect(patientOf({ subject: 'Ana', input: { ...ROW, smoker: 1 } }, PREDICT)).toEqual({
      ...sent,
      nombre: 'Ana',
      tabaquismo: true,
    });
  });

  it('names the fields of the route for those of the manifest', () => {
    expect(fieldOf('/cholesterol', PREDICT)).toBe('colesterol');
    expect(fieldOf('/cholesterol', SERVICE)).toBe('nivel_colesterol');
    expect(fieldOf('', PREDICT)).toBe('_schema');
    expect(fieldOf('/pulse', PREDICT)).toBe('pulse');
  });

  it('is at risk by the second class, whatever it is called', () => {
    const probabilities = { sano: 0.3, enfermo: 0.7 };
    expect(riskOf({ label: 'enfermo', probability: 0.7, probabilities })).toEqual({ atRisk: true, probability: 0.7 });
    expect(riskOf({ label: 'sano', probability: 0.3, probabilities })).toEqual({ atRisk: false, probability: 0.7 });
  });
});
