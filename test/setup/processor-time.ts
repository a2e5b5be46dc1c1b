/** Bounds on time for tests: of the processor, not of the clock, so that a busy machine does not fail them. */
import { expect } from 'vitest';

/**
 * What `work` answers, provided that it took this process less than so many milliseconds of processor time (all threads
 * together). Waiting is free: what may hang needs the test's own timeout.
 */
export function withinProcessorMs<T>(milliseconds: number, work: () => T): T {
  const before = process.cpuUsage();
  const answer = work();
  expectLess(before, milliseconds);
  return answer;
}

/** As `withinProcessorMs`, of work that is awaited. */
export async function awaitedWithinProcessorMs<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const before = process.cpuUsage();
  const answer = await work();
  expectLess(before, milliseconds);
  return answer;
}

function expectLess(before: NodeJS.CpuUsage, milliseconds: number): void {
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000, 'milliseconds of processor time').toBeLessThan(milliseconds);
}
