import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AttemptLimits } from './attempt-limits.js';

let limits: AttemptLimits;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2031-01-01T00:00:00Z') });
  limits = new AttemptLimits();
});
afterEach(() => {
  vi.useRealTimers();
});

function pass(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}

/** Seconds to wait, or 0 when the attempt was let through (and failed). */
function fail(account: string, address: string): number {
  try {
    limits.admitSignIn(account, address);
    return 0;
  } catch (error) {
    return Number((error as { extra: { headers: Record<string, string> } }).extra.headers['retry-after']);
  }
}

describe('failed sign-ins of an account from an address', () => {
  it('are free five times, then wait 1, 2, 4 seconds and so on, up to five minutes', () => {
    for (let attempt = 0; attempt < 5; attempt += 1) expect(fail('ana', '192.0.2.1')).toBe(0);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const seconds = fail('ana', '192.0.2.1');
      waits.push(seconds);
      pass(seconds);
      expect(fail('ana', '192.0.2.1')).toBe(0);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
  });

  it('are not prolonged by attempts that were refused', () => {
    for (let attempt = 0; attempt < 8; attempt += 1) {
      pass(fail('ana', '192.0.2.1'));
      fail('ana', '192.0.2.1');
    }
    const first = fail('ana', '192.0.2.1');
    for (let attempt = 0; attempt < 50; attempt += 1) expect(fail('ana', '192.0.2.1')).toBe(first);
  });

  it('are forgotten when the owner signs in', () => {
    for (let attempt = 0; attempt < 5; attempt += 1) fail('ana', '192.0.2.1');
    pass(1);
    limits.admitSignIn('ana', '192.0.2.1').succeeded();
    for (let attempt = 0; attempt < 5; attempt += 1) expect(fail('ana', '192.0.2.1')).toBe(0);
  });

  it('count from their beginning, so that parallel guesses do not slip through', () => {
    const admitted = Array.from({ length: 20 }, () => fail('ana', '192.0.2.1')).filter((seconds) => seconds === 0);
    expect(admitted).toHaveLength(5);
  });

  it('do not count when the password was never checked', () => {
    for (let attempt = 0; attempt < 20; attempt += 1) limits.admitSignIn('ana', '192.0.2.1').abandoned();
    expect(fail('ana', '192.0.2.1')).toBe(0);
  });

  it('never keep the owner out at another address, however many addresses guess', () => {
    for (let guesser = 0; guesser < 300; guesser += 1) {
      for (let attempt = 0; attempt < 5; attempt += 1) fail('ana', `198.51.100.${guesser % 250}`);
      pass(1);
    }
    expect(fail('ana', '192.0.2.1')).toBe(0);
  });

  it('are delayed sooner and longer once many addresses have guessed', () => {
    for (let guesser = 0; guesser < 50; guesser += 1) fail('ana', `198.51.100.${guesser}`);
    expect(fail('ana', '192.0.2.1')).toBe(0);
    expect(fail('ana', '192.0.2.1')).toBe(30);
    pass(30);
    expect(fail('ana', '192.0.2.1')).toBe(0);
  });
});

describe('failed sign-ins from an address over all accounts', () => {
  it('wait once thirty have failed', () => {
    for (let account = 0; account < 30; account += 1) expect(fail(`user${account}`, '192.0.2.1')).toBe(0);
    expect(fail('user99', '192.0.2.1')).toBe(1);
    expect(fail('user99', '192.0.2.2')).toBe(0);
  });

  it('do not keep those out who have signed in from there before', () => {
    limits.admitSignIn('ana', '192.0.2.1').succeeded();
    for (let account = 0; account < 30; account += 1) fail(`user${account}`, '192.0.2.1');
    expect(fail('user99', '192.0.2.1')).toBeGreaterThan(0);
    expect(fail('ana', '192.0.2.1')).toBe(0);
  });

  it("keep their delay when a guesser signs in to an account of the guesser's own", () => {
    limits.admitSignIn('mallory', '192.0.2.1').succeeded();
    for (let account = 0; account < 30; account += 1) fail(`user${account}`, '192.0.2.1');
    limits.admitSignIn('mallory', '192.0.2.1').succeeded();
    expect(fail('user99', '192.0.2.1')).toBeGreaterThan(0);
  });
});

it('admits sixty sign-ins and thirty registrations a minute from an address', () => {
  for (let attempt = 0; attempt < 60; attempt += 1) limits.admitSignIn(`user${attempt}`, '192.0.2.1').succeeded();
  expect(() => limits.admitSignIn('one more', '192.0.2.1')).toThrow(
    expect.objectContaining({ name: 'TOO_MANY_ATTEMPTS' }),
  );
  for (let attempt = 0; attempt < 30; attempt += 1) limits.admitRegistration('192.0.2.1');
  expect(() => limits.admitRegistration('192.0.2.1')).toThrow(
    expect.objectContaining({ extra: { headers: { 'retry-after': '60' } } }),
  );
  expect(() => limits.admitRegistration('192.0.2.2')).not.toThrow();
  pass(60);
  expect(() => limits.admitRegistration('192.0.2.1')).not.toThrow();
});
