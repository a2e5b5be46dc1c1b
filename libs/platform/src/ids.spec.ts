import { afterEach, describe, expect, it } from 'vitest';
import { idFloor, idTime, newId, newIdAfter, UUID_PATTERN } from './ids.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('a new id', () => {
  const clock = Date.now;
  afterEach(() => {
    Date.now = clock;
  });

  it('is a UUIDv7 of the present moment', () => {
    const before = Date.now();
    const id = newId();
    expect(id).toMatch(UUID_V7);
    expect(idTime(id).getTime()).toBeGreaterThanOrEqual(before);
    expect(idTime(id).getTime()).toBeLessThanOrEqual(Date.now());
    expect(id >= idFloor(new Date(before))).toBe(true);
  });

  it('sorts after those made before it, also many in one millisecond, and ends like no other', () => {
    const ids = Array.from({ length: 50_000 }, newId);
    expect(ids.every((id) => UUID_V7.test(id))).toBe(true);
    expect(ids.every((id, index) => index === 0 || id > ids[index - 1]!)).toBe(true);
    expect(new Set(ids.map((id) => id.slice(-12))).size).toBeGreaterThan(ids.length - 3);
  });

  it('sorts after those made before it when the clock is set back', () => {
    let last = newId();
    const from = idTime(last).getTime();
    Date.now = () => from - 60_000;
    for (let made = 0; made < 100_000; made += 1) {
      const id = newId();
      if (id <= last) throw new Error(`${id} after ${last}`);
      last = id;
    }
    expect(idTime(last).getTime()).toBe(from);
  });
});

it('makes an id after that of a process whose clock is ahead', () => {
  const ahead = idFloor(new Date(Date.now() + 60_000));
  const next = newIdAfter(ahead);
  expect(next > ahead).toBe(true);
  expect(next).toMatch(UUID_PATTERN);
  expect(newIdAfter(undefined)).toMatch(UUID_PATTERN);
  const behind = newId();
  expect(newIdAfter(behind) > behind).toBe(true);
});
