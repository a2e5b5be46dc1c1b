/** Coming in, staying in, and being sent out. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { noBrowser, PHONE, server, Visitor } from './visitor.js';

const LATIDO = join(import.meta.dirname, '../../dist/apps/cli/src/main.js');

describe.skipIf(noBrowser)('A session in the console', () => {
  it('begins at the sign-in page, which asks the server for nothing', async () => {
    const visitor = await Visitor.open();
    const asked: string[] = [];
    visitor.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await visitor.page.goto('/predictions');
    await visitor.page.getByRole('heading', { name: 'Sign in to Latido' }).waitFor();
    expect(asked.filter((path) => path.startsWith('/v1'))).toEqual([]);
    await visitor.expectAccessible();
    visitor.expectNoComplaints();
  });

  it('goes on to where one wanted to go, and survives a reload', async () => {
    const { name, password } = await server.newUser('console-reload');
    const visitor = await Visitor.open();
    await visitor.signInByHand(name, password, '/account');
    expect(new URL(visitor.page.url()).pathname).toBe('/account');
    await visitor.page.reload();
    await visitor.page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
    visitor.expectNoComplaints();
  });

  it('says what is wrong with a password', async () => {
    const { name } = await server.newUser('console-mistyped');
    const visitor = await Visitor.open();
    visitor.expects(/400/);
    await visitor.page.goto('/sign-in');
    await visitor.page.getByLabel('User name or e-mail').fill(name);
    await visitor.page.getByLabel('Password', { exact: true }).fill('not the right one');
    await visitor.page.getByRole('button', { name: 'Sign in' }).click();
    await visitor.page.getByRole('alert').waitFor();
    visitor.expectNoComplaints();
  });

  it('keeps no token where a script could read it', async () => {
    const { name, password } = await server.newUser('console-tokens');
    const visitor = await Visitor.open();
    await visitor.signInByHand(name, password);
    const kept = await visitor.page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
    );
    expect(kept).not.toMatch(/eyJ|latido_refresh/);
    const [cookie] = await visitor.context.cookies(`${server.url}/v1/auth`);
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/v1/auth' });
  });

  it('goes on in two tabs that are loaded at once', async () => {
    const { name, password } = await server.newUser('console-tabs');
    const visitor = await Visitor.open();
    await visitor.signInByHand(name, password, '/account');
    const second = await visitor.newTab();
    await Promise.all([visitor.page.reload(), second.page.goto('/account')]);
    for (const { page } of [visitor, second]) await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
    // Each has a refresh token that still holds: once more, one after the other.
    for (const { page } of [second, visitor]) {
      await page.reload();
      await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
    }
    visitor.expectNoComplaints();
    second.expectNoComplaints();
  });

  it('ends in all tabs when one signs out', async () => {
    const { name, password } = await server.newUser('console-leaves');
    const visitor = await Visitor.open();
    await visitor.signInByHand(name, password, '/account');
    const second = await visitor.newTab();
    await second.goTo('/account');
    await visitor.page.getByRole('button', { name: /^Account: / }).click();
    await visitor.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    for (const { page } of [visitor, second]) await page.getByRole('heading', { name: 'Sign in to Latido' }).waitFor();
    visitor.expectNoComplaints();
  });

  it('is left in all tabs also when the server cannot be told', async () => {
    const { name, password } = await server.newUser('console-leaves-offline');
    const visitor = await Visitor.open();
    await visitor.signInByHand(name, password, '/account');
    const second = await visitor.newTab();
    await second.goTo('/account');
    visitor.expects(/revoke|ERR_INTERNET_DISCONNECTED/);
    await visitor.page.route('**/v1/auth/revoke', (route) => route.abort('internetdisconnected'));
    await visitor.page.getByRole('button', { name: /^Account: / }).click();
    await visitor.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await visitor.page.getByText('the server could not be told').waitFor();
    for (const { page } of [visitor, second]) await page.getByRole('heading', { name: 'Sign in to Latido' }).waitFor();
    visitor.expectNoComplaints();
  });

  it('never leads to another host, whatever a link to the sign-in page says', async () => {
    const { name, password } = await server.newUser('console-led-away');
    for (const to of ['//evil.example/', '/\t/evil.example/']) {
      const visitor = await Visitor.open();
      await visitor.signInByHand(name, password, `/sign-in?to=${encodeURIComponent(to)}`);
      expect(visitor.page.url()).toBe(`${server.url}/try`);
      visitor.expectNoComplaints();
    }
  });

  it('that ended while a call was made, not a query, leads to the sign-in page too, in all tabs', async () => {
    const { name, password, token } = await server.newUser('console-ended-call');
    const visitor = await Visitor.open();
    await visitor.signInByHand(name, password, '/predictions?model=cardiac-risk');
    const second = await visitor.newTab();
    await second.goTo('/account');
    for (const one of [visitor, second]) one.expects(/401|400/);
    await server.request('DELETE', '/v1/me/sessions', { token });
    await visitor.page.getByRole('button', { name: 'Export as CSV' }).click();
    for (const { page } of [visitor, second]) await page.getByText('Your session has ended').waitFor();
    expect(new URL(visitor.page.url()).searchParams.get('to')).toBe('/predictions?model=cardiac-risk');
    expect(new URL(second.page.url()).searchParams.get('to')).toBe('/account');
    visitor.expectNoComplaints();
  });

  it('that ended on the server brings one back to the same place', async () => {
    const { name, password, token } = await server.newUser('console-ended');
    const visitor = await Visitor.open();
    await visitor.signInByHand(name, password, '/account');
    visitor.expects(/401|400/);
    await server.request('DELETE', '/v1/me/sessions', { token });
    await visitor.page.getByRole('link', { name: 'Predictions', exact: true }).click();
    await visitor.page.getByText('Your session has ended').waitFor();
    await visitor.page.getByLabel('User name or e-mail').fill(name);
    await visitor.page.getByLabel('Password', { exact: true }).fill(password);
    await visitor.page.getByRole('button', { name: 'Sign in' }).click();
    await visitor.page.getByRole('heading', { name: 'Predictions', level: 1 }).waitFor();
    visitor.expectNoComplaints();
  });

  it('begins with an account of one’s own, in Spanish on a phone', async () => {
    const visitor = await Visitor.open({ language: 'es', viewport: PHONE });
    await visitor.page.goto('/register');
    await visitor.page.getByLabel('Nombre de usuario').fill('consola-nueva');
    await visitor.page.getByLabel('Contraseña', { exact: true }).fill('tres barcas verdes pequeñas');
    await visitor.expectNoSidewaysScroll();
    await visitor.expectAccessible();
    await visitor.page.getByRole('button', { name: 'Crear una cuenta' }).click();
    await visitor.page.getByRole('heading', { name: 'Probar un modelo', level: 1 }).waitFor();
    await visitor.page.getByRole('button', { name: 'Abrir la navegación' }).click();
    await visitor.page.getByRole('link', { name: 'Cuenta' }).click();
    await visitor.page.getByRole('heading', { name: 'Cuenta', level: 1 }).waitFor();
    await visitor.expectNoSidewaysScroll();
    visitor.expectNoComplaints();
  });

  it('is kept where an address leads nowhere, with the navigation around what is said of it', async () => {
    const { name, password } = await server.newUser('console-lost');
    const visitor = await Visitor.open();
    const { page } = visitor;
    await page.goto('/models/one/two/three');
    await page.getByRole('heading', { name: 'There is no such page', level: 1 }).waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    await visitor.signIn(name, password, '/models/one/two/three');
    await page.getByRole('heading', { name: 'There is no such page', level: 1 }).waitFor();
    expect(await page.title()).toBe('There is no such page · Latido');
    await visitor.expectAccessible();
    await page.getByRole('link', { name: 'Models' }).click();
    await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor();
    visitor.expectNoComplaints();
  });

  it('begins with a new password where the present one was given to somebody', async () => {
    const { name } = await server.newUser('console-given');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [LATIDO, 'users', 'reset-password', name, '--json'],
      {
        env: { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: join(server.folder, 'data') },
      },
    );
    const given = (JSON.parse(stdout) as { password: string }).password;
    const visitor = await Visitor.open({ viewport: PHONE });
    const { page } = visitor;
    await visitor.goTo('/account');
    await page.getByLabel('User name or e-mail').fill(name);
    await page.getByLabel('Password', { exact: true }).fill(given);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Choose a password of your own' }).waitFor();
    await visitor.expectNoSidewaysScroll();
    await visitor.expectAccessible();
    await page.getByLabel('The password you were given').fill(given);
    for (const label of ['New password', 'Repeat the new password'])
      await page.getByLabel(label, { exact: true }).fill('one of my own choice');
    // The token that was in use ends with the old password; another is asked for by itself.
    visitor.expects(/401/);
    await page.getByRole('button', { name: 'Change password and continue' }).click();
    await page.getByRole('heading', { name: 'Try a model', level: 1 }).waitFor();
    visitor.expectNoComplaints();
  });

  it('that a page of another role was asked of goes to the start', async () => {
    const { name, password } = await server.newUser('console-curious');
    const visitor = await Visitor.open();
    await visitor.signInByHand(name, password, '/users');
    expect(new URL(visitor.page.url()).pathname).toBe('/try');
    expect(await visitor.page.getByRole('link', { name: 'Users' }).count()).toBe(0);
    visitor.expectNoComplaints();
  });
});
