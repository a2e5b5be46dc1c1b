import { describe, expect, it } from 'vitest';
import { DomainError } from '#platform';
import type { FastApiFieldError } from '../shared/fastapi-refusals.js';
import { readMeasurements } from './measurements.js';

const PENGUIN = {
  island: 2,
  bill_length_mm: 46.1,
  bill_depth_mm: 13.2,
  flipper_length_mm: 211,
  body_mass_g: 4500,
  sex: 0,
  year: 2007,
};

function faultsOf(body: unknown): [pointer: string, type: string][] {
  try {
    readMeasurements(body);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return (error.extra.errors as FastApiFieldError[]).map(({ pointer, type }) => [pointer, type]);
  }
  return [];
}

describe('a penguin’s measurements', () => {
  it('are read as they come', () => {
    expect(readMeasurements(PENGUIN)).toEqual(PENGUIN);
  });

  it('may be texts, truth values for codes, and more than what is asked', () => {
    const sent = { ...PENGUIN, island: ' 2 ', bill_length_mm: '4.61e1', sex: false, note: { deep: [1] } };
    expect(readMeasurements(sent)).toEqual(PENGUIN);
  });

  it.each([
    ['island', 0, 4],
    ['bill_length_mm', 9.99, 100.01],
    ['bill_depth_mm', 4.99, 35.01],
    ['flipper_length_mm', 99, 301],
    ['body_mass_g', 999, 10_001],
    ['sex', -1, 2],
    ['year', 1999, 2031],
  ])('%s is refused below and above its range', (name, low, high) => {
    expect(faultsOf({ ...PENGUIN, [name]: low })).toEqual([[`/${name}`, 'greater_than_equal']]);
    expect(faultsOf({ ...PENGUIN, [name]: high })).toEqual([[`/${name}`, 'less_than_equal']]);
  });

  it.each([
    ['island', 1.5, 'int_from_float'],
    ['island', 'Biscoe', 'int_parsing'],
    ['island', null, 'int_type'],
    ['island', [2], 'int_type'],
    ['bill_length_mm', 'long', 'float_parsing'],
    ['bill_length_mm', '', 'float_parsing'],
    ['bill_length_mm', '0x2e', 'float_parsing'],
    ['bill_length_mm', `${'1'.repeat(5000)}`, 'float_parsing'],
    ['bill_length_mm', null, 'float_type'],
    ['bill_length_mm', { mm: 46 }, 'float_type'],
    ['body_mass_g', Infinity, 'finite_number'],
    ['body_mass_g', '1e999', 'finite_number'],
  ])('%s of %j is %s', (name, value, type) => {
    expect(faultsOf({ ...PENGUIN, [name]: value })).toEqual([[`/${name}`, type]]);
  });

  it('are all told at once', () => {
    expect(faultsOf({ sex: 7, year: 'then' })).toEqual([
      ['/island', 'missing'],
      ['/bill_length_mm', 'missing'],
      ['/bill_depth_mm', 'missing'],
      ['/flipper_length_mm', 'missing'],
      ['/body_mass_g', 'missing'],
      ['/sex', 'less_than_equal'],
      ['/year', 'int_parsing'],
    ]);
  });

  it('are no inherited ones', () => {
    expect(faultsOf(Object.create(PENGUIN))).toHaveLength(7);
  });

  it.each([[[PENGUIN]], ['text'], [7], [true]])('of %j are none', (body) => {
    expect(faultsOf(body)).toEqual([['', 'model_attributes_type']]);
  });

  it('of no body are missing', () => {
    expect(faultsOf(undefined)).toEqual([['', 'missing']]);
    expect(faultsOf(null)).toEqual([['', 'missing']]);
  });
});
