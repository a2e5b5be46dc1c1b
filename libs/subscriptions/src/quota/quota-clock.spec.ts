import { afterEach, describe, expect, it, vi } from 'vitest';
import { QuotaClock } from './quota-clock.js';

describe('the clock of the quota', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('reads Unix time and never goes back', () => {
    const clock = new QuotaClock();
    expect(Math.abs(clock.monotonicMs() - Date.now())).toBeLessThan(1_000);
    const readings = Array.from({ length: 1_000 }, () => clock.monotonicMs());
    expect(readings).toEqual([...readings].sort((a, b) => a - b));
  });

  it("does not follow a change of the system's clock", () => {
    const clock = new QuotaClock();
    const beforeMs = clock.monotonicMs();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    expect(clock.now().getTime()).toBeGreaterThan(beforeMs + 3_000_000);
    expect(clock.monotonicMs() - beforeMs).toBeLessThan(1_000);
  });
});
