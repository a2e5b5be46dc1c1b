import { describe, expect, it } from 'vitest';
import { SlidingLog } from './sliding-log.js';

const WINDOW_MS = 60_000;

describe('the sliding log in memory', () => {
  it('admits the limit wherever the minute starts, and the next when the oldest is 60 s old to the millisecond', () => {
    const log = new SlidingLog();
    for (const atMs of [30_000, 50_000, 70_000, 80_000, 85_000])
      expect(log.admit('ana', 5, WINDOW_MS, atMs).admitted).toBe(true);
    expect(log.admit('ana', 5, WINDOW_MS, 89_999)).toEqual({
      admitted: false,
      limit: 5,
      remaining: 0,
      resetMs: 1,
      retryAfterMs: 1,
    });
    expect(log.admit('ana', 5, WINDOW_MS, 90_000)).toEqual({
      admitted: true,
      limit: 5,
      remaining: 0,
      resetMs: 20_000,
      retryAfterMs: 0,
    });
  });

  it('lets a raised limit hold at once, and what was used counts against it', () => {
    const log = new SlidingLog();
    for (let count = 0; count < 6; count += 1) log.admit('ana', 5, WINDOW_MS, 0);
    const decisions = Array.from({ length: 60 }, () => log.admit('ana', 50, WINDOW_MS, 1_000));
    expect(decisions.filter(({ admitted }) => admitted)).toHaveLength(45);
  });

  it('gives nothing more to a limit that is lowered and raised again', () => {
    const log = new SlidingLog();
    for (let count = 0; count < 50; count += 1) log.admit('ana', 50, WINDOW_MS, count);
    expect(log.admit('ana', 5, WINDOW_MS, 100).admitted).toBe(false);
    expect(log.admit('ana', 50, WINDOW_MS, 200).admitted).toBe(false);
  });

  it('names, for a lowered limit, when enough entries will have gone', () => {
    const log = new SlidingLog();
    for (let count = 0; count < 50; count += 1) log.admit('ana', 50, WINDOW_MS, count * 100);
    expect(log.admit('ana', 5, WINDOW_MS, 5_000)).toMatchObject({
      resetMs: 55_000,
      retryAfterMs: 4_500 + WINDOW_MS - 5_000,
    });
  });

  it('takes a clock that goes back as one that stands still', () => {
    const log = new SlidingLog();
    for (let count = 0; count < 5; count += 1) log.admit('ana', 5, WINDOW_MS, 100_000);
    expect(log.admit('ana', 5, WINDOW_MS, 1_000)).toMatchObject({ admitted: false, retryAfterMs: WINDOW_MS });
  });

  it('forgets users who have been away for two windows, however many they were', () => {
    const log = new SlidingLog();
    for (let user = 0; user < 10_000; user += 1) log.admit(`user ${user}`, 5, WINDOW_MS, user);
    expect(log.size).toBe(10_000);
    for (let minute = 1; minute <= 3; minute += 1) log.admit('somebody', 5, WINDOW_MS, 10_000 + minute * WINDOW_MS);
    expect(log.size).toBe(1);
  });

  it('never forgets one who is still in the window when it drops others', () => {
    const log = new SlidingLog();
    for (let second = 0; second < 600; second += 1) {
      log.admit('busy', 600, WINDOW_MS, second * 1_000);
      if (second % 50 === 0) log.admit(`visitor ${second}`, 5, WINDOW_MS, second * 1_000);
      expect(log.peek('busy', 600, WINDOW_MS, second * 1_000).remaining).toBe(600 - Math.min(second + 1, 60));
    }
  });
});
