import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Housekeeping } from '#platform';
import { accountsDatabase, AccountsServer, PASSWORD, type Session } from '../../../../test/setup/accounts-server.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import { FirstAdministrator } from './first-administrator.js';
import { Invitations } from './invitations.js';

const NEW_PASSWORD = 'four small green boats';
const DAY_MS = 24 * 60 * 60 * 1000;

const database = await accountsDatabase();
const [secondDatabase, thirdDatabase] = [await accountsDatabase(), await accountsDatabase()];
let server: AccountsServer;

beforeAll(async () => {
  server = await AccountsServer.start(database);
});

const pointersOf = (body: { errors: { pointer: string }[] }): string[] =>
  [...new Set(body.errors.map(({ pointer }) => pointer))].sort();

describe('registration', () => {
  it('makes an account and says where it is', async () => {
    const { status, headers, body } = await server.post('/v1/users', {
      email: 'Ana@Hospital.example',
      username: 'ana',
      password: PASSWORD,
      displayName: ' Ana ',
    });
    expect(status).toBe(201);
    expect(headers.location).toBe(`/v1/users/${body.id}`);
    expect(body).toMatchObject({
      email: 'Ana@Hospital.example',
      username: 'ana',
      displayName: 'Ana',
      role: 'user',
      status: 'active',
    });
    expect(JSON.stringify(body)).not.toContain(PASSWORD);
  });

  it.each([
    ['the same e-mail address in other case', { email: 'ANA@hospital.EXAMPLE' }, '/email'],
    ['the same user name in other case', { username: 'Ana' }, '/username'],
    ['the same user name in full-width letters', { username: 'ａｎａ' }, '/username'],
  ])('refuses %s with 409', async (_, names, pointer) => {
    const { status, body } = await server.post('/v1/users', { ...names, password: PASSWORD });
    expect([status, body.code, pointersOf(body)]).toEqual([409, 'ACCOUNT_EXISTS', [pointer]]);
  });

  it('takes names that differ in case alone for one, in every script', async () => {
    for (const [name, again] of [
      ['straße-7', 'STRASSE-7'],
      ['ΣΟΦΙΑΣ', 'σοφιας'],
      ['Ångström', 'A\u030angstro\u0308m'],
    ]) {
      expect((await server.post('/v1/users', { username: name, password: PASSWORD })).status).toBe(201);
      expect((await server.post('/v1/users', { username: again, password: PASSWORD })).status).toBe(409);
      expect((await server.grant(again!, PASSWORD)).status).toBe(200);
    }
  });

  it('makes one account of two that are registered at the same time', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() => server.post('/v1/users', { username: 'triplet', password: PASSWORD })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it.each<[string, object, string[]]>([
    ['nothing', {}, ['/email', '/password']],
    ['no name', { password: PASSWORD }, ['/email']],
    ['names of the wrong form', { email: 'ana', username: 'a b', password: PASSWORD }, ['/email', '/username']],
    ['a user name that could be an e-mail address', { username: 'ana@b.example', password: PASSWORD }, ['/username']],
    ['a short password', { username: 'new-user', password: 'elevenchars' }, ['/password']],
    ['a long password', { username: 'new-user', password: 'x y z '.repeat(50) }, ['/password']],
    ['a common password', { username: 'new-user', password: 'Password1234' }, ['/password']],
    ['a password with the own name in it', { username: 'new-user', password: 'we are NEW-USER two' }, ['/password']],
    [
      'values of the wrong type',
      { username: 1, email: {}, password: [], displayName: 2 },
      ['/displayName', '/email', '/password', '/username'],
    ],
    [
      'half a surrogate pair',
      { email: 'a\ud800@b.example', password: PASSWORD, displayName: '\udc00' },
      ['/displayName', '/email'],
    ],
    ['control characters', { username: 'new-user', password: PASSWORD, displayName: 'a\u0000b' }, ['/displayName']],
    [
      'fields that users do not set',
      { username: 'new-user', password: PASSWORD, role: 'admin', plan: 'PREMIUM' },
      ['/plan', '/role'],
    ],
  ])('refuses %s and names all that is at fault', async (_, wanted, pointers) => {
    const { status, body } = await server.post('/v1/users', wanted);
    expect([status, body.code]).toEqual([422, 'INVALID_REQUEST']);
    expect(pointersOf(body)).toEqual(pointers);
  });

  it('hashes with argon2id and leaves an event', async () => {
    const { body } = await server.post('/v1/users', { username: 'hashed', password: PASSWORD });
    const [credentials] = await server.dataSource.query('SELECT password_hash FROM credentials WHERE user_id = $1', [
      body.id,
    ]);
    expect(credentials.password_hash).toMatch(/^\$argon2id\$/);
    const events = await server.dataSource.query(`SELECT actor_kind, details FROM audit_events WHERE target_id = $1`, [
      body.id,
    ]);
    expect(events).toEqual([{ actor_kind: 'anonymous', details: { role: 'user' } }]);
  });

  it('keeps neither account nor credentials when one of them fails', async () => {
    await server.post('/v1/users', { username: 'taken-twice', password: PASSWORD });
    const before = await server.dataSource.query(
      'SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM credentials) AS credentials, (SELECT count(*) FROM audit_events) AS events',
    );
    await server.post('/v1/users', { username: 'taken-twice', email: 'other@hospital.example', password: PASSWORD });
    const after = await server.dataSource.query(
      'SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM credentials) AS credentials, (SELECT count(*) FROM audit_events) AS events',
    );
    expect(after).toEqual(before);
  });

  it('is limited to thirty a minute from one address', async () => {
    const register = (address: string) =>
      server.request({
        method: 'POST',
        url: '/v1/users',
        payload: { username: 'taken-twice', password: PASSWORD },
        remoteAddress: address,
      });
    for (let attempt = 0; attempt < 30; attempt += 1) expect((await register('192.0.2.9')).status).toBe(409);
    const refused = await register('192.0.2.9');
    expect(refused).toMatchObject({ status: 429, body: { code: 'TOO_MANY_ATTEMPTS' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await register('192.0.2.10')).status).toBe(409);
  });
});

describe('registration by invitation', () => {
  let inviting: AccountsServer;
  let invitations: Invitations;
  beforeAll(async () => {
    inviting = await AccountsServer.start(database, { REGISTRATION: 'invite' });
    invitations = inviting.app.get(Invitations);
  });
  const register = (username: string, invitation?: string) =>
    inviting.post('/v1/users', { username, password: PASSWORD, invitation });

  it('needs a code that is known, not expired and not used', async () => {
    const code = await invitations.create(DAY_MS);
    const expired = await invitations.create(-1);
    for (const wrong of [undefined, 'nonsense', expired, `${code}x`]) {
      expect(await register('guest-one', wrong)).toMatchObject({ status: 403, body: { code: 'INVITATION_INVALID' } });
    }
    expect((await register('guest-one', code)).status).toBe(201);
    expect((await register('guest-two', code)).status).toBe(403);
  });

  it('lets one in of those who use a code at the same time', async () => {
    const code = await invitations.create(DAY_MS);
    const answers = await Promise.all(
      ['race-one', 'race-two', 'race-three'].map((username) => register(username, code)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403]);
  });

  it('keeps the code when the account could not be made', async () => {
    const code = await invitations.create(DAY_MS);
    expect((await register('guest-one', code)).status).toBe(409);
    expect((await register('guest-three', code)).status).toBe(201);
  });

  it('stores codes hashed, and forgets expired ones', async () => {
    const code = await invitations.create(-1);
    expect(JSON.stringify(await inviting.dataSource.query('SELECT * FROM invitations'))).not.toContain(code);
    await inviting.app.get(Housekeeping).run();
    expect(await inviting.dataSource.query('SELECT 1 FROM invitations WHERE expires_at < now()')).toEqual([]);
  });
});

it('registers nobody where registration is closed', async () => {
  const closed = await AccountsServer.start(database, { REGISTRATION: 'closed' });
  expect(await closed.post('/v1/users', { username: 'nobody', password: PASSWORD })).toMatchObject({
    status: 403,
    body: { code: 'REGISTRATION_CLOSED' },
  });
});

describe('changing oneself', () => {
  it('changes the display name and answers the profile', async () => {
    const user = await server.register('self-namer');
    const { status, body } = await server.patch('/v1/me', { displayName: 'Zoë' }, user.accessToken);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: user.userId,
      username: 'self-namer',
      displayName: 'Zoë',
      role: 'user',
      mustChangePassword: false,
    });
    expect((await server.patch('/v1/me', { displayName: null }, user.accessToken)).body.displayName).toBeNull();
  });

  it('changes the password: tokens so far and other sessions end, this session goes on', async () => {
    const here = await server.register('changer');
    const there = await server.signIn('changer');
    const { status, body } = await server.patch(
      '/v1/me',
      { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      here.accessToken,
    );
    expect([status, body.mustChangePassword]).toEqual([200, false]);
    expect((await server.get('/v1/me/api-keys', here.accessToken)).status).toBe(401);
    expect((await server.get('/v1/me/api-keys', there.accessToken)).status).toBe(401);
    expect((await server.refresh(there.refreshToken)).status).toBe(400);
    const next = await server.refresh(here.refreshToken);
    expect(next.status).toBe(200);
    expect((await server.get('/v1/me/api-keys', next.body.access_token)).status).toBe(200);
    expect((await server.grant('changer', PASSWORD)).status).toBe(400);
    expect((await server.grant('changer', NEW_PASSWORD)).status).toBe(200);
    expect(await server.auditActions()).toContain('user.password-changed');
  });

  it('needs the current password, and a new one that is acceptable and different', async () => {
    const { accessToken } = await server.register('refused-changer');
    const change = (changes: object) => server.patch('/v1/me', changes, accessToken);
    expect(await change({ currentPassword: 'wrong small green boats', newPassword: NEW_PASSWORD })).toMatchObject({
      status: 403,
      body: { code: 'WRONG_PASSWORD' },
    });
    expect(pointersOf((await change({ newPassword: NEW_PASSWORD })).body)).toEqual(['/currentPassword']);
    expect(pointersOf((await change({ currentPassword: PASSWORD, newPassword: PASSWORD })).body)).toEqual([
      '/newPassword',
    ]);
    expect(pointersOf((await change({ currentPassword: PASSWORD, newPassword: 'short' })).body)).toEqual([
      '/newPassword',
    ]);
    expect(
      pointersOf((await change({ currentPassword: PASSWORD, newPassword: 'refused-changer is me' })).body),
    ).toEqual(['/newPassword']);
    expect((await server.grant('refused-changer', PASSWORD)).status).toBe(200);
  });

  it('lets nobody give themselves a role, a status or a plan', async () => {
    const { accessToken } = await server.register('climber');
    const { status, body } = await server.patch(
      '/v1/me',
      { role: 'admin', status: 'active', plan: 'PREMIUM' },
      accessToken,
    );
    expect([status, pointersOf(body)]).toEqual([422, ['/plan', '/role', '/status']]);
  });

  it('makes guessing the current password wait', async () => {
    const { accessToken } = await server.register('guessed-changer');
    const guess = () =>
      server.patch('/v1/me', { currentPassword: 'wrong small green boats', newPassword: NEW_PASSWORD }, accessToken);
    for (let attempt = 0; attempt < 5; attempt += 1) expect((await guess()).status).toBe(403);
    expect(await guess()).toMatchObject({ status: 429, body: { code: 'TOO_MANY_ATTEMPTS' } });
  });

  it('counts no attempt for which the server was too busy to look at the password', async () => {
    const { accessToken } = await server.register('busy-changer');
    const change = () => server.patch('/v1/me', { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }, accessToken);
    // Turns that others hold until they are told to let go: real hashes might be done before the request comes to its own.
    const hashing = server.app.get(PasswordHashing) as unknown as { inTurn(work: () => Promise<void>): Promise<void> };
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const others = Array.from({ length: 18 }, () => hashing.inTurn(() => held));
    for (let attempt = 0; attempt < 6; attempt += 1) {
      expect(await change()).toMatchObject({ status: 429, body: { code: 'PASSWORD_HASHING_BUSY' } });
    }
    letGo();
    await Promise.all(others);
    expect((await change()).status).toBe(200);
  });
});

describe('a password set by an operator', () => {
  it('must be changed before anything else, and ends all sessions', async () => {
    const before = await server.register('forgetful');
    await server.accounts.setPassword('FORGETFUL', NEW_PASSWORD);
    expect((await server.get('/v1/me/api-keys', before.accessToken)).status).toBe(401);
    expect((await server.refresh(before.refreshToken)).status).toBe(400);

    const { body } = await server.grant('forgetful', NEW_PASSWORD);
    expect(body.mustChangePassword).toBe(true);
    expect(await server.get('/v1/me/api-keys', body.access_token)).toMatchObject({
      status: 403,
      body: { code: 'PASSWORD_CHANGE_REQUIRED' },
    });
    const changed = await server.patch(
      '/v1/me',
      { currentPassword: NEW_PASSWORD, newPassword: PASSWORD },
      body.access_token,
    );
    expect([changed.status, changed.body.mustChangePassword]).toEqual([200, false]);
    const after = await server.signIn('forgetful');
    expect((await server.get('/v1/me/api-keys', after.accessToken)).status).toBe(200);
    expect(await server.auditActions()).toContain('user.password-reset');
  });

  it('can be set by id, and without asking for a change', async () => {
    const { userId } = await server.register('forgetful2');
    await server.accounts.setPassword(userId, NEW_PASSWORD, { mustChange: false });
    const { body } = await server.grant('forgetful2', NEW_PASSWORD);
    expect(body).not.toHaveProperty('mustChangePassword');
  });

  it('is refused for somebody who is not there, and when it is common', async () => {
    await expect(server.accounts.setPassword('nobody-here', NEW_PASSWORD)).rejects.toMatchObject({
      name: 'USER_NOT_FOUND',
    });
    await expect(server.accounts.setPassword('forgetful', 'password1234')).rejects.toMatchObject({
      name: 'INVALID_REQUEST',
    });
  });
});

describe('the first administrator', () => {
  let fresh: AccountsServer;
  let replica: AccountsServer;
  let generated: string;

  beforeAll(async () => {
    fresh = await AccountsServer.start(database, { ADMIN_PASSWORD: '', ADMIN_EMAIL: 'ops@hospital.example' });
    replica = await AccountsServer.start(
      database,
      { ADMIN_PASSWORD: '', ADMIN_EMAIL: 'ops@hospital.example' },
      [],
      fresh.dataFolder,
    );
  });

  const file = () => join(fresh.dataFolder, 'admin-password.txt');
  const admins = async (): Promise<object[]> =>
    fresh.dataSource.query(`SELECT username, email FROM users WHERE role = 'admin'`);

  it('is made once by two replicas that start together, with a password in a file that its owner alone reads', async () => {
    const results = await Promise.all([fresh, replica].map(({ app }) => app.get(FirstAdministrator).ensure()));
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(await admins()).toEqual([{ username: 'admin', email: 'ops@hospital.example' }]);
    generated = readFileSync(file(), 'utf8').trim();
    expect(results.find(({ created }) => created)).toEqual({
      created: true,
      passwordFile: file(),
      password: generated,
    });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(generated).toMatch(/^[0-9A-Za-z]{24}$/);
  });

  it('is not made again', async () => {
    expect(await fresh.app.get(FirstAdministrator).ensure()).toEqual({ created: false, passwordFile: file() });
    expect(await admins()).toHaveLength(1);
  });

  it('must change the password at first sign-in, and the file goes with it', async () => {
    const { body } = await fresh.grant('admin', generated);
    expect(body.mustChangePassword).toBe(true);
    expect(await fresh.get('/v1/users', body.access_token)).toMatchObject({
      status: 403,
      body: { code: 'PASSWORD_CHANGE_REQUIRED' },
    });
    const other: Session = await fresh.register('bystander');
    await fresh.patch('/v1/me', { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }, other.accessToken);
    expect(existsSync(file())).toBe(true); // somebody else's change leaves it
    expect(
      (await fresh.patch('/v1/me', { currentPassword: generated, newPassword: NEW_PASSWORD }, body.access_token))
        .status,
    ).toBe(200);
    expect(existsSync(file())).toBe(false);
    const { accessToken } = await fresh.signIn('ops@hospital.example', NEW_PASSWORD);
    expect((await fresh.get('/v1/users', accessToken)).status).toBe(200);
  });
});

describe('the first administrator with ADMIN_PASSWORD', () => {
  it('has that password, asked for no change, and leaves no file', async () => {
    const separate = await AccountsServer.start(secondDatabase);
    const administrator = await separate.administrator();
    expect((await separate.get('/v1/users', administrator.accessToken)).status).toBe(200);
    expect(existsSync(join(separate.dataFolder, 'admin-password.txt'))).toBe(false);
  });

  it('is not made with a common one', async () => {
    const separate = await AccountsServer.start(thirdDatabase, { ADMIN_PASSWORD: 'password1234' });
    await expect(separate.app.get(FirstAdministrator).ensure()).rejects.toThrow('ADMIN_PASSWORD');
  });
});
