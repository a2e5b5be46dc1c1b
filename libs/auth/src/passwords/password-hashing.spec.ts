import { beforeAll, expect, it, vi } from 'vitest';
import { PasswordHashing } from './password-hashing.js';

const inFlight = vi.hoisted(() => ({ now: 0, most: 0 }));

// The real functions, watched: how many of them run at the same time.
vi.mock('@node-rs/argon2', async (importOriginal) => {
  const real = await importOriginal<typeof import('@node-rs/argon2')>();
  const watched = async <T>(work: Promise<T>): Promise<T> => {
    inFlight.now += 1;
    inFlight.most = Math.max(inFlight.most, inFlight.now);
    try {
      return await work;
    } finally {
      inFlight.now -= 1;
    }
  };
  return {
    ...real,
    hash: (...given: Parameters<typeof real.hash>) => watched(real.hash(...given)),
    verify: (...given: Parameters<typeof real.verify>) => watched(real.verify(...given)),
  };
});

const hashing = new PasswordHashing();
beforeAll(() => hashing.onModuleInit());

it('hashes with argon2id and a salt of its own', async () => {
  const [one, two] = await Promise.all([
    hashing.hash('three small green boats'),
    hashing.hash('three small green boats'),
  ]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(two);
});

it('verifies the password and no other', async () => {
  const hash = await hashing.hash('three small green boats');
  expect(await hashing.verify(hash, 'three small green boats')).toBe(true);
  expect(await hashing.verify(hash, 'three small green boat')).toBe(false);
});

it('takes the same password typed in another Unicode form', async () => {
  const hash = await hashing.hash('ma\u00f1ana en el r\u00edo');
  expect(await hashing.verify(hash, 'man\u0303ana en el ri\u0301o')).toBe(true);
});

it('refuses everybody who has no account', async () => {
  expect(await hashing.verify(null, 'three small green boats')).toBe(false);
});

it('never runs more than two at once, lets sixteen wait, and refuses the nineteenth', async () => {
  inFlight.most = 0;
  const results = await Promise.allSettled(Array.from({ length: 19 }, () => hashing.hash('three small green boats')));
  expect(inFlight.most).toBe(2);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(18);
  expect(results[18]).toMatchObject({
    status: 'rejected',
    reason: { name: 'PASSWORD_HASHING_BUSY', extra: { headers: { 'retry-after': '1' } } },
  });
});

it('has its turns back after refusals', async () => {
  inFlight.most = 0;
  await Promise.all(Array.from({ length: 4 }, () => hashing.hash('three small green boats')));
  expect(inFlight.most).toBe(2);
});
