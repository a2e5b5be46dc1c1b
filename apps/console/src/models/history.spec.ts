import { describe, expect, it } from 'vitest';
import { historyOf } from './history';
import type { Activation, Traffic } from './queries';

const activation = (day: number): Activation => ({
  id: `activation-${day}`,
  model: 'cardiac-risk',
  version: `1.${day}.0`,
  previousVersion: null,
  kind: 'activation',
  reason: null,
  overridden: null,
  activatedBy: null,
  activatedAt: `2026-01-0${day}T00:00:00.000Z`,
});
const change = (day: number | null): Traffic => ({
  model: 'cardiac-risk',
  canary: null,
  shadows: [],
  reason: null,
  overridden: null,
  changedBy: null,
  changedAt: day === null ? null : `2026-01-0${day}T12:00:00.000Z`,
});
const days = (...args: Parameters<typeof historyOf>): string[] =>
  historyOf(...args).map(({ kind, at }) => `${kind} ${at.slice(8, 10)}`);

describe('the history of a model', () => {
  it('tells activations and changes of the traffic in one order, newest first', () => {
    const activations = { items: [activation(5), activation(1)], hasMore: false };
    const traffic = { items: [change(7), change(3)], hasMore: false };
    expect(days(activations, traffic)).toEqual(['traffic 07', 'activation 05', 'traffic 03', 'activation 01']);
  });

  it('ends where the one of them is not known any further', () => {
    const activations = { items: [activation(9), activation(5)], hasMore: true };
    const traffic = { items: [change(7), change(3)], hasMore: false };
    expect(days(activations, traffic)).toEqual(['activation 09', 'traffic 07', 'activation 05']);
  });

  it('leaves out a traffic that was never changed', () => {
    expect(days({ items: [], hasMore: false }, { items: [change(null)], hasMore: false })).toEqual([]);
  });
});
