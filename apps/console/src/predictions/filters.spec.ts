import { describe, expect, it } from 'vitest';
import { apiFiltersOf, dayOf, isFiltered } from './filters';

const HOUR_MS = 3_600_000;

describe('Filters of predictions', () => {
  it('take days as those of the local zone, the last one whole', () => {
    const { from, to } = apiFiltersOf({ from: '2026-03-28', to: '2026-03-29' }, 'me');
    expect(from).toBe(new Date('2026-03-28T00:00:00').toISOString());
    expect(to).toBe(new Date('2026-03-30T00:00:00').toISOString());
    // The clock changes within them in many zones.
    expect((Date.parse(to!) - Date.parse(from!)) / HOUR_MS).toBeGreaterThanOrEqual(47);
  });

  it('take an instant as it is, as links have it', () => {
    const from = '2026-03-28T10:30:00.000Z';
    expect(apiFiltersOf({ from, to: from }, 'me')).toMatchObject({ from, to: from });
    expect(dayOf(from)).toMatch(/^2026-03-2[789]$/);
  });

  it('leave out what is no time', () => {
    expect(apiFiltersOf({ from: 'yesterday', to: '2026-13-01' }, 'me')).toMatchObject({
      from: undefined,
      to: undefined,
    });
    expect(dayOf('yesterday')).toBe('');
  });

  it('name oneself where only one’s own are wanted', () => {
    expect(apiFiltersOf({ mine: true }, 'me').userId).toBe('me');
    expect(apiFiltersOf({}, 'me').userId).toBeUndefined();
    expect(apiFiltersOf({ userId: 'somebody' }, 'me').userId).toBe('somebody');
    expect(apiFiltersOf({ userId: 'somebody', mine: true }, 'me').userId).toBe('me');
  });

  it('are none where nothing is chosen', () => {
    expect(isFiltered({ model: undefined })).toBe(false);
    expect(isFiltered({ mine: true })).toBe(true);
  });
});
