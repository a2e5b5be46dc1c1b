import { describe, expect, it } from 'vitest';
import { filtersOf } from './event-filter';

const ID = '01a22e90-d875-776f-840b-a1fa00a01273';

describe('Filters of audit events', () => {
  it('are those of the address that the API takes', () => {
    expect(filtersOf({ action: 'plan.changed', targetType: 'plan', targetId: 'PREMIUM', actorId: ID })).toMatchObject({
      action: 'plan.changed',
      targetType: 'plan',
      targetId: 'PREMIUM',
      actorId: ID,
    });
  });

  it('leave out what somebody mistyped in the address', () => {
    const filters = filtersOf({ action: 'plan.eaten', targetType: 'x', actorKind: 'y', actorId: 'z', from: 'soon' });
    expect(Object.values(filters).filter((value) => value !== undefined)).toEqual([]);
  });
});
