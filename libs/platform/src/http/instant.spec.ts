import { validateSync } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { IsInstant } from './instant.js';

class Range {
  @IsInstant() from: unknown;
}

function faults(from: unknown): string[] {
  return validateSync(Object.assign(new Range(), { from })).flatMap((error) => Object.values(error.constraints ?? {}));
}

describe('a moment in a request', () => {
  it.each([
    '2026-01-31',
    '2026-01-31T10:00Z',
    '2026-01-31T10:00:00Z',
    '2026-01-31T10:00:00.123456Z',
    '2024-02-29T10:00:00+02:00',
    '0001-01-01',
  ])('may be %s', (value) => {
    expect(faults(value)).toEqual([]);
  });

  it.each([
    '2026-02-30',
    '2026-W01',
    '2026-031',
    '2026-01-31T10:00:00',
    '2026-01-31T25:00:00Z',
    '2026-13-01',
    'yesterday',
    '',
    12,
    null,
    '0000-01-01',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-00:01',
    '+012026-01-31',
    '2026-01-31T10:00:00,5Z',
  ])('may not be %s', (value) => {
    expect(faults(value)).toEqual(['from must be a date such as 2026-01-31 or a time such as 2026-01-31T10:00:00Z']);
  });
});
