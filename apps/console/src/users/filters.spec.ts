import { describe, expect, it } from 'vitest';
import { filtersOf, isFiltered, LONGEST_QUERY } from './filters';

describe('filters of accounts', () => {
  it('go to the API as they stand in the address', () => {
    expect(filtersOf({ q: 'ana', plan: 'PREMIUM', role: 'publisher', status: 'suspended' })).toEqual({
      q: 'ana',
      plan: 'PREMIUM',
      role: 'publisher',
      status: 'suspended',
    });
  });

  it('leave out what the API would refuse', () => {
    const filters = filtersOf({ q: '   ', plan: 'x'.repeat(101), role: 'king', status: 'asleep' });
    expect(isFiltered(filters)).toBe(false);
    expect(filtersOf({ q: ` ${'a'.repeat(300)}` }).q).toHaveLength(LONGEST_QUERY);
  });

  it('are told from none', () => {
    expect(isFiltered(filtersOf({}))).toBe(false);
    expect(isFiltered(filtersOf({ status: 'active' }))).toBe(true);
  });
});
