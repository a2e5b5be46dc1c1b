/** What all older services' clients may do about accounts, whatever the shape that it is answered in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnonymousAccount } from '#auth';
import { DomainError } from '#platform';
import { accountsDatabase, PASSWORD, type AccountsServer } from '../../../../../test/setup/accounts-server.js';
import { startLegacyServer } from '../../../../../test/setup/legacy-server.js';
import { LegacyAccounts, type LegacyRegistration } from './legacy-accounts.js';

const database = await accountsDatabase();
const noModels = mkdtempSync(join(tmpdir(), 'latido-no-models-'));
afterAll(() => rmSync(noModels, { recursive: true }));
const HINT = 'LEGACY_WEAK_PASSWORDS';
let strict: AccountsServer;
let lenient: AccountsServer;
let calls = 0;

beforeAll(async () => {
  strict = await startLegacyServer(database, ['cardiac'], {
    MODELS_DIR: noModels,
    LEGACY_ANONYMOUS_USER: 'older-clients',
  });
  lenient = await startLegacyServer(database, ['cardiac'], {
    MODELS_DIR: noModels,
    LEGACY_WEAK_PASSWORDS: 'true',
    LEGACY_SELF_SERVICE_PLAN: 'true',
  });
});

/** From an address of its own, so that no limit on attempts is met by chance. */
function origin(): { requestId: string; address: string } {
  calls += 1;
  return { requestId: 'test', address: `10.2.0.${calls}` };
}

/** How registering is refused. */
async function refusalOf(server: AccountsServer, wanted: LegacyRegistration): Promise<DomainError> {
  const refused: unknown = await server.app
    .get(LegacyAccounts)
    .register(wanted, origin())
    .catch((error: unknown) => error);
  if (!(refused instanceof DomainError)) throw new Error('it was not refused');
  return refused;
}

describe('a password that /v1 would refuse', () => {
  it.each(['test', 'Password1234', 'we are guest-1 too'])(
    'is weak where nothing else is at fault: %s',
    async (password) => {
      const { kind, message, extra } = await refusalOf(strict, { username: 'guest-1', password });
      expect([kind.code, kind.status, extra.errors]).toEqual(['LEGACY_PASSWORD_WEAK', 400, undefined]);
      expect(message).toMatch(/^The password (must|is) .*\. Whoever runs this server may .*LEGACY_WEAK_PASSWORDS/);
      expect(message).not.toContain(password);
    },
  );

  it('is one fault of several where more is at fault, with whom to ask', async () => {
    const { kind, extra } = await refusalOf(strict, { username: 'a b', password: 'test' });
    expect(kind.code).toBe('INVALID_REQUEST');
    expect(extra.errors?.map(({ pointer, detail }) => [pointer, detail.includes(HINT)])).toEqual([
      ['/username', false],
      ['/password', true],
    ]);
  });

  it.each([
    ['too long', 'x y z '.repeat(50)],
    ['with a NUL', 'three small\0green boats'],
    ['missing', ''],
    ['no text', 7],
  ])('is not said to do elsewhere where it would not: %s', async (_, password) => {
    const { kind, message, extra } = await refusalOf(strict, { username: 'guest-2', password });
    expect(kind.code).toBe('INVALID_REQUEST');
    expect(extra.errors?.every(({ pointer }) => pointer === '/password')).toBe(true);
    expect(JSON.stringify([message, extra.errors])).not.toContain(HINT);
  });

  it.each([
    ['too long', 'x y z '.repeat(50)],
    ['with a NUL', 'a\0b'],
    ['with half a surrogate pair', '\ud800'],
  ])('has a rule left where weak ones do, which is told: %s', async (_, password) => {
    const { kind, extra } = await refusalOf(lenient, { username: 'guest-3', password });
    expect(kind.code).toBe('INVALID_REQUEST');
    expect(extra.errors).toEqual([
      { pointer: '/password', detail: expect.stringContaining('1 to 256 characters') as string },
    ]);
    expect(extra.errors![0]!.detail).not.toContain(HINT);
  });

  it('does where weak ones do, the longest too', async () => {
    const accounts = lenient.app.get(LegacyAccounts);
    for (const [username, password] of [
      ['guest-4', 'x'],
      ['guest-5', 'password'.repeat(32)],
    ] as const) {
      await accounts.register({ username, password }, origin());
      await expect(accounts.signInOnce(username, password, origin())).resolves.toEqual(expect.any(String));
    }
  });
});

it('nobody registers the name of the account that calls without a token count for', async () => {
  await strict.app.get(AnonymousAccount).ensure();
  const { kind } = await refusalOf(strict, { username: 'OLDER-clients', password: PASSWORD });
  expect(kind.code).toBe('ACCOUNT_EXISTS');
});

it('a plan is not switched with a password that must be changed first', async () => {
  const accounts = lenient.app.get(LegacyAccounts);
  await accounts.register({ username: 'switcher', password: PASSWORD }, origin());
  const switched = (): Promise<void> => accounts.switchPlan('switcher', PASSWORD, 'PREMIUM', origin());
  await lenient.accounts.setPassword('switcher', PASSWORD);
  await expect(switched()).rejects.toMatchObject({ name: 'PASSWORD_CHANGE_REQUIRED' });
  const changes = (): Promise<{ count: number }[]> =>
    lenient.dataSource.query(`SELECT count(*)::int FROM audit_events WHERE action = 'subscription.changed'`);
  expect(await changes()).toEqual([{ count: 0 }]);
  await lenient.accounts.setPassword('switcher', PASSWORD, { mustChange: false });
  await switched();
  expect(await changes()).toEqual([{ count: 1 }]);
});
