import { describe, expect, it } from 'vitest';
import { formatsOf } from '../i18n/format';
import { tickTexts } from './tick-texts';

describe('The numbers of an axis', () => {
  const format = formatsOf('en-GB');

  it('have as many decimals as their step', () => {
    expect(tickTexts([0.85, 0.875, 0.9, 0.925], format)).toEqual(['0.85', '0.875', '0.9', '0.925']);
    expect(tickTexts([0, 0.2, 0.4, 0.6000000000000001], format)).toEqual(['0', '0.2', '0.4', '0.6']);
  });

  it('are whole where the step is, and may be one or none', () => {
    expect(tickTexts([0, 500, 1000], format)).toEqual(['0', '500', '1,000']);
    expect(tickTexts([3], format)).toEqual(['3']);
    expect(tickTexts([], format)).toEqual([]);
  });
});
