/** Accounts, what each may do, and what the plans allow: as an administrator looks after them. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ADMINISTRATOR, noBrowser, PHONE, server, Visitor } from './visitor.js';

describe.skipIf(noBrowser)('Accounts and plans in the console', () => {
  let token: string;
  const accountOf = async (id: string) =>
    (await server.request<{ plan: string; status: string; role: string }>('GET', `/v1/users/${id}`, { token })).body;
  const premium = async () => {
    const { body } = await server.request<{ data: { name: string; concurrentStreams: number }[] }>('GET', '/v1/plans');
    return body.data.find(({ name }) => name === 'PREMIUM')!;
  };
  /** By the notification of what was just done. */
  const undo = async (page: Page, done: string): Promise<void> => {
    await page.getByRole('alert').filter({ hasText: done }).getByRole('button', { name: 'Undo' }).click();
  };
  beforeAll(async () => {
    token = await server.admin();
  });

  it('are found by a part of the name and upgraded by three clicks at most, with a way back', async () => {
    const { id, name, token: theirs } = await server.newUser('console-upgraded');
    await server.predict(theirs);
    const visitor = await Visitor.signedIn(ADMINISTRATOR, '/users');
    const { page } = visitor;
    await page.getByRole('searchbox', { name: 'Search' }).fill('-UPGRADED');
    const row = page.getByRole('row', { name: new RegExp(name) });
    await row.getByRole('img', { name: '1 request in 14 days' }).waitFor();
    await page.waitForURL('**/users?q=-UPGRADED');
    await page.getByRole('row', { name: /\(you\)/ }).waitFor({ state: 'detached' });
    expect(await page.getByRole('row').count()).toBe(2);

    await page.evaluate("window.clicks = 0; addEventListener('click', () => window.clicks++, true)");
    await row.getByRole('button', { name: `FREEMIUM: plan of ${name}` }).click();
    const option = page.getByRole('menuitemradio', { name: /^PREMIUM/ });
    await option.waitFor();
    await visitor.expectAccessible();
    await option.click();
    await page.getByText(`${name} now has the plan PREMIUM`).waitFor();
    expect(await page.evaluate<number>('window.clicks')).toBeLessThanOrEqual(3);
    await row.getByRole('button', { name: `PREMIUM: plan of ${name}` }).waitFor();
    expect((await accountOf(id)).plan).toBe('PREMIUM');

    await undo(page, 'now has the plan PREMIUM');
    await row.getByRole('button', { name: `FREEMIUM: plan of ${name}` }).waitFor();
    expect((await accountOf(id)).plan).toBe('FREEMIUM');
    visitor.expectNoComplaints();
  });

  it('are chosen by role, plan and status, which stand in the address', async () => {
    const { name } = await server.newUser('console-chosen');
    const visitor = await Visitor.signedIn(
      ADMINISTRATOR,
      '/users?q=console-chosen&role=user&plan=FREEMIUM&status=active',
    );
    const { page } = visitor;
    await page.getByRole('row', { name: new RegExp(name) }).waitFor();
    await page.getByRole('combobox', { name: 'Status' }).click();
    await page.getByRole('option', { name: 'Suspended' }).click();
    await page.getByRole('heading', { name: 'No account fits' }).waitFor();
    expect(new URL(page.url()).searchParams.get('status')).toBe('suspended');
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    // The heading's row, and more than the one that was chosen.
    await expect.poll(() => page.getByRole('row').count()).toBeGreaterThan(2);
    expect(new URL(page.url()).search).toBe('');

    // What looks like a number is searched for as it was written.
    for (const written of ['1040', '1.0']) {
      await visitor.goTo(`/users?q=${written}`);
      expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe(written);
    }
    visitor.expectNoComplaints();
  });

  it('are suspended at once, by the keyboard alone, and let in again', async () => {
    const { id, name, token: theirs } = await server.newUser('console-suspended');
    const visitor = await Visitor.signedIn(ADMINISTRATOR, '/users?q=console-suspended');
    const { page } = visitor;
    const actions = page.getByRole('button', { name: `Actions for ${name}` });
    await actions.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Suspend' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(`${name} is suspended`).waitFor();
    await page
      .getByRole('row', { name: new RegExp(name) })
      .getByText('Suspended')
      .first()
      .waitFor();
    expect((await server.request('GET', '/v1/me', { token: theirs })).status).toBe(401);
    await undo(page, 'is suspended');
    await page.getByText(`${name} is active again`).waitFor();
    expect((await accountOf(id)).status).toBe('active');
    visitor.expectNoComplaints();
  });

  it('do not undo what somebody else has changed since', async () => {
    const { id, name } = await server.newUser('console-contended');
    const visitor = await Visitor.signedIn(ADMINISTRATOR, `/users/${id}`);
    const { page } = visitor;
    await page.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: 'Auditor' }).click();
    await page.getByText(`${name} now has the role Auditor`).waitFor();
    await server.request('PATCH', `/v1/users/${id}`, { token, body: { role: 'publisher' } });
    await undo(page, 'now has the role Auditor');
    await page.getByText(`Somebody has changed ${name} since: nothing was undone.`).waitFor();
    expect((await accountOf(id)).role).toBe('publisher');
    visitor.expectNoComplaints();
  });

  it('show what was changed of them, and lead to what they predicted', async () => {
    const { id, name, token: theirs } = await server.newUser('console-looked-after');
    await server.predict(theirs);
    const visitor = await Visitor.signedIn(ADMINISTRATOR, '/users?q=console-looked-after');
    const { page } = visitor;
    await page.getByRole('link', { name }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await page.getByRole('combobox', { name: 'Plan' }).click();
    await page.getByRole('option', { name: 'PREMIUM' }).click();
    const history = page.getByRole('region', { name: 'What was changed' });
    await history.getByText(`You changed the plan of ${name} from FREEMIUM to PREMIUM`).waitFor();
    await page.getByRole('region', { name: 'Usage' }).getByText('in the last 30 days').waitFor();
    await visitor.expectAccessible();
    await page.getByRole('link', { name: 'Their predictions' }).click();
    await page.getByRole('heading', { name: 'Predictions', level: 1 }).waitFor();
    await page.getByRole('table').getByRole('row').nth(1).waitFor();
    await page.getByRole('link', { name, exact: true }).first().waitFor();
    expect(new URL(page.url()).searchParams.get('userId')).toBe(id);
    expect(await page.getByRole('table').getByRole('row').count()).toBe(2);
    visitor.expectNoComplaints();
  });

  it('protect one’s own from a slip, and say why', async () => {
    const visitor = await Visitor.signedIn(ADMINISTRATOR, '/users?role=admin');
    const { page } = visitor;
    const own = page.getByRole('row', { name: /\(you\)/ });
    await own.getByRole('button', { name: /^Actions for / }).click();
    expect(await page.getByRole('menuitem', { name: 'Suspend' }).isDisabled()).toBe(true);
    await page.getByText('another administrator may suspend it').waitFor();
    await visitor.expectAccessible(['light']);
    await page.getByRole('menuitem', { name: 'Details' }).click();
    await page.getByText('nobody changes their own role').waitFor();
    expect(await page.getByRole('combobox', { name: 'Role' }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Suspend' }).isDisabled()).toBe(true);
    visitor.expectNoComplaints();
  });

  it('of nobody are said not to be there', async () => {
    const visitor = await Visitor.signedIn(ADMINISTRATOR, '/account');
    visitor.expects(/404/);
    await visitor.goTo('/users/01a22e90-d875-776f-840b-a1fa00a01273');
    await visitor.page.getByRole('alert').getByText('There is no user with this id.').waitFor();
    visitor.expectNoComplaints();
  });

  it('have plans whose limits are changed for everybody, with faults beside the fields and a way back', async () => {
    const before = (await premium()).concurrentStreams;
    const visitor = await Visitor.signedIn(ADMINISTRATOR, '/users?tab=plans');
    const { page } = visitor;
    await page.getByText('holds from the next request on, for everybody').first().waitFor();
    await visitor.expectAccessible();
    await page.getByRole('button', { name: 'Change the limits of PREMIUM' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change the limits of PREMIUM' });
    const field = dialog.getByRole('textbox', { name: 'Files at the same time' });
    await field.fill('1001');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('A whole number from 1 to 1,000').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await visitor.expectAccessible();
    await field.fill(String(before + 3));
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The limits of PREMIUM are changed').waitFor();
    expect((await premium()).concurrentStreams).toBe(before + 3);
    await undo(page, 'The limits of PREMIUM are changed');
    await page.getByText('The limits of PREMIUM are as they were').waitFor();
    expect((await premium()).concurrentStreams).toBe(before);
    visitor.expectNoComplaints();
  });

  it('are upgraded on a phone, in Spanish', async () => {
    const { id, name } = await server.newUser('console-movil');
    const visitor = await Visitor.signedIn(ADMINISTRATOR, '/users?q=console-movil', {
      language: 'es',
      viewport: PHONE,
    });
    const { page } = visitor;
    await page.getByRole('button', { name: `FREEMIUM: plan de ${name}` }).click();
    await visitor.expectNoSidewaysScroll();
    await page.getByRole('menuitemradio', { name: /^PREMIUM/ }).click();
    await page.getByText(`${name} tiene ahora el plan PREMIUM`).waitFor();
    expect((await accountOf(id)).plan).toBe('PREMIUM');
    await visitor.expectAccessible(['light']);
    await page.getByRole('link', { name }).click();
    await page.getByRole('region', { name: 'Qué se ha cambiado' }).getByRole('listitem').first().waitFor();
    await visitor.expectNoSidewaysScroll();
    await visitor.expectAccessible(['dark']);
    visitor.expectNoComplaints();
  });
});
