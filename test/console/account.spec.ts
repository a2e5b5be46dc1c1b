/** One's own account: what is left of the plan, keys, the password, and leaving everywhere. */
import { describe, expect, it } from 'vitest';
import { noBrowser, PHONE, server, Visitor } from './visitor.js';

describe.skipIf(noBrowser)('One’s own account in the console', () => {
  it('tells what is left of the minute, and when there is one more', async () => {
    const { name, password, token } = await server.newUser('console-account');
    await server.predict(token);
    await server.predict(token);
    const visitor = await Visitor.signedIn({ name, password }, '/account');
    const { page } = visitor;
    await page.getByText('of 5 requests', { exact: true }).waitFor();
    await page.getByText(/^One more in \d+/).waitFor();
    await page.getByText('2 rows predicted today').waitFor();
    await visitor.expectAccessible();
    // The same two choices stand in the menu of the account.
    await page.getByRole('button', { name: /^Account: / }).click();
    await page.getByRole('dialog', { name: 'Account' }).getByText('Español').click();
    await page.getByRole('heading', { name: 'Cuenta', level: 1 }).waitFor();
    visitor.expectNoComplaints();
  });

  it('makes a key that is shown once and can be used, until it is revoked', async () => {
    const { name, password } = await server.newUser('console-keys');
    const visitor = await Visitor.signedIn({ name, password }, '/account');
    const { page } = visitor;
    await page.getByRole('button', { name: 'Create a key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create a key' }).click();
    await dialog.getByText('Say what the key is for').waitFor();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('ward tablet');
    await dialog.getByRole('button', { name: 'Create a key' }).click();
    await dialog.getByText(/^Copy it now/).waitFor();
    const key = /lat_\w+/.exec((await dialog.getByText(/^lat_/).textContent()) ?? '')![0];
    expect((await server.predict(key)).status).toBe(201);
    await visitor.expectAccessible(['light']);
    await dialog.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByText('ward tablet').waitFor();
    expect(await page.getByText(key).count()).toBe(0);

    await page.getByRole('button', { name: 'Revoke “ward tablet”' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('“ward tablet” is revoked').waitFor();
    expect((await server.predict(key)).status).toBe(401);
    visitor.expectNoComplaints();
  });

  it('changes its password beside what is wrong with it, and leaves everywhere, in Spanish on a phone', async () => {
    const { name, password, token } = await server.newUser('console-leaving');
    const visitor = await Visitor.signedIn({ name, password }, '/account', { language: 'es', viewport: PHONE });
    const { page } = visitor;
    await visitor.expectNoSidewaysScroll();
    const fields = page.locator('input[type=password]');
    await fields.nth(0).fill(password);
    await fields.nth(1).fill('cuatro faros blancos y altos');
    await fields.nth(2).fill('cuatro faros blancos');
    await page.getByRole('button', { name: 'Cambiar la contraseña' }).click();
    await page.getByText('Las contraseñas no coinciden').waitFor();
    await fields.nth(2).fill('cuatro faros blancos y altos');
    // The token that was in use ends with the old password; another is asked for by itself.
    visitor.expects(/401/);
    await page.getByRole('button', { name: 'Cambiar la contraseña' }).click();
    await page
      .getByText('Su contraseña ha cambiado')
      .or(page.getByText(/contraseña se ha cambiado/))
      .first()
      .waitFor();
    expect((await server.predict(token)).status).toBe(401);
    expect(await server.signIn(name, 'cuatro faros blancos y altos')).toMatch(/^eyJ/);

    await page.getByRole('button', { name: 'Cerrar sesión en todas partes' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cerrar sesión en todas partes' }).click();
    await page.getByRole('heading', { name: 'Iniciar sesión en Latido' }).waitFor();
    visitor.expectNoComplaints();
  });
});
