/** Calls without a token, for the account that the operator named. */
import { Controller, Get } from '@nestjs/common';
import { beforeAll, describe, expect, it } from 'vitest';
import { Authenticated, Caller, OrAnonymous, type Principal } from '#platform';
import {
  accountsDatabase,
  AccountsServer,
  PASSWORD,
  type Answer,
  type Session,
} from '../../../test/setup/accounts-server.js';
import { AnonymousAccount } from './anonymous-account.js';

@Controller('probe')
class ProbeController {
  @Get('open') @Authenticated() @OrAnonymous() open(@Caller() caller: Principal): Principal {
    return caller;
  }
  @Get('closed') @Authenticated() closed(): string {
    return 'in';
  }
}

const database = await accountsDatabase();
const NEEDED = 'This route needs an access token or an API key.';
const named = { LEGACY_ANONYMOUS_USER: 'Older-Clients' };

function start(environment: Record<string, string>): Promise<AccountsServer> {
  return AccountsServer.start(database, environment, [ProbeController]);
}

/** What a refusal of a call without a token says, and what a client is told to show (RFC 9110 §11.6.1). */
function refusalOf({ status, body, headers }: Answer): unknown[] {
  return [status, body.code, body.detail, headers['www-authenticate']];
}

describe('the account of calls without a token', () => {
  let server: AccountsServer;
  let accountId: string;

  const registrations = (): Promise<{ target_id: string; actor_kind: string; details: object }[]> =>
    server.dataSource.query(
      `SELECT target_id, actor_kind, details FROM audit_events JOIN users ON users.id::text = target_id
       WHERE action = 'user.registered' AND username_key = 'older-clients'`,
    );

  beforeAll(async () => {
    server = await start(named);
  });

  it('is not told of to whoever calls while there is none', async () => {
    const answer = await server.get('/probe/open');
    expect(refusalOf(answer)).toEqual([401, 'AUTHENTICATION_REQUIRED', NEEDED, 'Bearer realm="latido"']);
  });

  it('is made once by the servers that start together, as a user that nobody knows the password of', async () => {
    const other = await start(named);
    const accounts = [server, other, other].map(({ app }) => app.get(AnonymousAccount));
    await Promise.all(accounts.map((account) => account.ensure()));
    const events = await registrations();
    expect(events).toEqual([{ target_id: expect.any(String), actor_kind: 'system', details: { role: 'user' } }]);
    accountId = events[0]!.target_id;
    for (const answering of [server, other])
      expect((await answering.get('/probe/open')).body).toMatchObject({ userId: accountId, role: 'user' });
    for (const password of ['', 'older-clients', PASSWORD])
      expect((await server.grant('older-clients', password)).status).toBe(400);
  });

  it('cannot be registered, and is left as it is at the next start', async () => {
    for (const username of ['Older-Clients', 'OLDER-clients', 'older-clients']) {
      const { status, body } = await server.post('/v1/users', { username, password: PASSWORD });
      expect([status, body.code]).toEqual([409, 'ACCOUNT_EXISTS']);
    }
    await server.accounts.setPassword('older-clients', PASSWORD, { mustChange: false });
    await server.app.get(AnonymousAccount).ensure();
    expect((await server.signIn('older-clients')).userId).toBe(accountId);
    expect(await registrations()).toHaveLength(1);
  });

  it('is none where nobody was named', async () => {
    const other = await start({});
    await other.app.get(AnonymousAccount).ensure();
    const [{ count }] = await other.dataSource.query('SELECT count(*)::int FROM users');
    expect(count).toBe(1);
  });
});

describe('a call without a token', () => {
  let server: AccountsServer;
  let admin: Session;

  beforeAll(async () => {
    server = await start(named);
    await server.app.get(AnonymousAccount).ensure();
    admin = await server.administrator();
  });

  it('counts for the account as a plain user, whatever its role, where the route allows it', async () => {
    const { userId } = await server.signIn('older-clients');
    const promotion = { role: 'admin' };
    expect((await server.patch(`/v1/users/${userId}`, promotion, admin.accessToken)).status).toBe(200);
    const { status, body } = await server.get('/probe/open');
    expect(status).toBe(200);
    expect(body).toMatchObject({ userId, role: 'user', apiKeyId: null, anonymous: true });
    expect((await server.get('/probe/closed')).status).toBe(401);
  });

  it('is not one that shows something that does not hold', async () => {
    expect((await server.get('/probe/open', 'nonsense')).status).toBe(401);
    for (const headers of [{ authorization: 'Basic abc' }, { authorization: '' }, { 'x-api-key': '' }])
      expect((await server.request({ method: 'GET', url: '/probe/open', headers })).status).toBe(401);
  });

  it("with a token is its user's", async () => {
    const session = await server.register('somebody');
    const { body } = await server.get('/probe/open', session.accessToken);
    expect(body).toMatchObject({ userId: session.userId });
    expect(body).not.toHaveProperty('anonymous');
  });

  it('is refused while the account is suspended', async () => {
    const { userId } = await server.signIn('older-clients');
    await server.patch(`/v1/users/${userId}`, { status: 'suspended' }, admin.accessToken);
    const answer = await server.get('/probe/open');
    expect(refusalOf(answer)).toEqual([401, 'AUTHENTICATION_REQUIRED', NEEDED, 'Bearer realm="latido"']);
    await server.patch(`/v1/users/${userId}`, { status: 'active' }, admin.accessToken);
    expect((await server.get('/probe/open')).status).toBe(200);
  });

  it('is refused where no account was named', async () => {
    const other = await start({});
    const { status, body } = await other.get('/probe/open');
    expect([status, body.code, body.detail]).toEqual([
      401,
      'AUTHENTICATION_REQUIRED',
      'This route needs an access token or an API key. Whoever runs this server may set LEGACY_ANONYMOUS_USER, for calls without one.',
    ]);
  });
});
