/** Models: what is served, two versions side by side, one version, and how versions come into service. */
import { beforeAll, describe, expect, it } from 'vitest';
import { publishBirds } from './birds.js';
import { ADMINISTRATOR, noBrowser, PHONE, server, Visitor } from './visitor.js';

describe.skipIf(noBrowser)('Models in the console', () => {
  let token: string;
  beforeAll(async () => {
    token = await server.admin();
  });

  it('are shown with what is live and how well it did', async () => {
    const { name, password } = await server.newUser('console-models');
    const visitor = await Visitor.signedIn({ name, password }, '/models');
    const { page } = visitor;
    const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Cardiac risk' }) });
    await card.getByText('Live · 1.0.0').waitFor();
    await card.getByText('0.961').waitFor();
    await card.getByText('Measured on: Held-out rows').waitFor();
    await card.getByText('Trained on synthetic data; not for clinical use').waitFor();
    await card.getByText('1 version').waitFor();
    expect(await page.getByRole('link', { name: 'Publish a version' }).count()).toBe(0);
    await visitor.expectAccessible();
    await card.getByRole('link', { name: 'Versions and comparison' }).click();
    await page.getByRole('heading', { name: 'Cardiac risk', level: 1 }).waitFor();
    await page.getByText('There is one version.').waitFor();
    // Who may not activate is not asked to.
    expect(await page.getByRole('button', { name: /Activate|Roll back/ }).count()).toBe(0);
    visitor.expectNoComplaints();
  });

  it('have two versions side by side, at an address that can be sent on', async () => {
    const visitor = await Visitor.signedIn(ADMINISTRATOR, '/models/penguins?a=1.0.0&b=1.1.0');
    const { page } = visitor;
    const metrics = page.getByRole('table', { name: 'Metrics' });
    const accuracy = metrics.getByRole('row', { name: /^Accuracy/ });
    await accuracy.getByText('-0.0200').waitFor();
    await accuracy.getByText('B is worse').waitFor();
    await page.getByText('Interchangeable: who calls A gets the same form of answer from B.').waitFor();
    await page.getByRole('img', { name: /^ROC curve of Adélie .*A · 1\.0\.0, AUC .* B · 1\.1\.0, AUC/ }).waitFor();
    const matrix = page.getByRole('table', { name: /^Confusion matrix of version B · 1\.1\.0/ });
    expect(
      await matrix
        .getByRole('row', { name: /^Adélie/ })
        .getByRole('cell')
        .allInnerTexts(),
    ).toEqual([expect.stringContaining('95.5%'), expect.stringContaining('4.5%'), expect.stringContaining('0%')]);
    await visitor.expectAccessible();

    await page.getByRole('combobox', { name: 'Data set' }).click();
    await page.getByRole('option', { name: 'Training rows' }).click();
    await accuracy.getByText('the same').waitFor();
    await page.getByRole('button', { name: 'Swap A and B' }).click();
    await page.getByRole('heading', { name: 'A · 1.1.0' }).waitFor();
    expect(new URL(page.url()).search).toBe('?a=1.1.0&b=1.0.0&dataset=train');
    visitor.expectNoComplaints();
  });

  it('say of one version what it takes, how it was verified and what its card says', async () => {
    const visitor = await Visitor.signedIn(ADMINISTRATOR, '/models/cardiac-risk/versions/1.0.0');
    const { page } = visitor;
    const glucose = page.getByRole('table', { name: 'Inputs' }).getByRole('row', { name: /^Glucose/ });
    for (const name of ['0.5 to 2', 'g/L', 'LOINC 2345-7'])
      await glucose.getByRole('cell', { name, exact: true }).waitFor();
    await page.getByRole('row', { name: /One engine against another/ }).waitFor();
    await page.getByRole('heading', { name: 'Limitations', level: 3 }).waitFor();
    await page.getByRole('img', { name: 'Loss by epoch' }).waitFor();
    await visitor.expectAccessible();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('cardiac-risk-1.0.0.keras');
    expect(await page.getByRole('link', { name: 'Try with this version' }).getAttribute('href')).toBe(
      '/try/cardiac-risk?version=1.0.0',
    );
    visitor.expectNoComplaints();
  });

  it('come into service with a reason, held to the policy, and go back', async () => {
    for (const version of ['1.0.0', '1.1.0']) await publishBirds('console-birds', version, token);
    await server.request('PUT', '/v1/models/console-birds/policy', {
      token,
      body: { metrics: [{ name: 'accuracy', dataset: 'held-out', minimum: 0.99 }] },
    });
    const visitor = await Visitor.signedIn(ADMINISTRATOR, '/models/console-birds');
    const { page } = visitor;
    await page.getByText('Accuracy (Held-out rows) at least 0.99').waitFor();
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Activate version 1.0.0' }).click();
    await dialog.getByText('The policy lets version 1.0.0 in.').waitFor();
    await visitor.expectAccessible(['light']);
    await dialog.getByLabel('Reason (optional)').fill('the first that serves');
    await dialog.getByRole('button', { name: 'Activate' }).click();
    await page.getByText('Live · 1.0.0').waitFor();
    await page.getByRole('list').getByText('“the first that serves”').waitFor();

    await page.getByRole('button', { name: 'Activate version 1.1.0' }).click();
    await dialog.getByText('accuracy on held-out is 0.98, at least 0.99 is asked for').waitFor();
    await dialog.getByRole('button', { name: 'Activate' }).click();
    await dialog.getByText('Tick this to go ahead anyway.').waitFor();
    await dialog.getByRole('checkbox').check();
    await dialog.getByRole('button', { name: 'Activate' }).click();
    await dialog.getByText('Overriding the policy needs a reason.').waitFor();
    await dialog.getByLabel('Reason').fill('smaller');
    await dialog.getByRole('button', { name: 'Activate' }).click();
    await page.getByText('Live · 1.1.0').waitFor();
    // The button that was pressed is gone: the keyboard goes on at its row.
    await expect.poll(() => page.evaluate<string>('document.activeElement.textContent')).toBe('1.1.0');
    await page.getByText('The policy was overridden: accuracy on held-out is 0.98').waitFor();

    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Live · 1.0.0').waitFor();
    await page.getByText('Rolled back to version 1.0.0').first().waitFor();
    visitor.expectNoComplaints();
  });

  it('share their traffic with a canary until it is ended', async () => {
    for (const version of ['1.0.0', '1.2.0']) await publishBirds('console-flock', version, token);
    await server.request('PUT', '/v1/models/console-flock/active', { token, body: { version: '1.0.0' } });
    const visitor = await Visitor.signedIn(ADMINISTRATOR, '/models/console-flock');
    const { page } = visitor;
    await page.getByRole('button', { name: 'Change' }).click();
    const dialog = page.getByRole('dialog');
    const canary = dialog.getByRole('combobox', { name: /canary/ });
    await expect.poll(() => canary.evaluate((field) => field === field.ownerDocument.activeElement)).toBe(true);
    await canary.click();
    await page.getByRole('option', { name: '1.2.0' }).click();
    await dialog.getByLabel('Share').fill('0');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await dialog.getByText('More than 0 and less than 100').waitFor();
    await dialog.getByLabel('Share').fill('12.5');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Version 1.2.0 answers 12.5% of the patients.').first().waitFor();
    await page.getByText('No row has been computed by both yet.').waitFor();
    await page.getByRole('button', { name: 'End all' }).click();
    await page.getByText('The live version answers everybody, and nothing runs in shadow.').waitFor();
    await expect.poll(() => page.evaluate<string>('document.activeElement.textContent')).toBe('Change');
    await page.getByText('Traffic no longer shared').waitFor();
    visitor.expectNoComplaints();
  });

  it('are read in Spanish on a phone', async () => {
    const visitor = await Visitor.signedIn(ADMINISTRATOR, '/models/penguins', { language: 'es', viewport: PHONE });
    const { page } = visitor;
    await page.getByRole('heading', { name: 'Dos versiones, una junto a otra' }).waitFor();
    await page
      .getByRole('table', { name: 'Métricas' })
      .getByRole('row', { name: /^Exactitud/ })
      .waitFor();
    await page.getByRole('img', { name: /^Curva ROC/ }).waitFor();
    await visitor.expectNoSidewaysScroll();
    await visitor.expectAccessible(['light']);
    await page.getByRole('link', { name: '1.1.0' }).first().click();
    await page.getByRole('heading', { name: 'Ficha del modelo' }).waitFor();
    await page.getByText('A demonstration on penguins; trained on a small public data set.').waitFor();
    await visitor.expectNoSidewaysScroll();
    visitor.expectNoComplaints();
  });

  it('that are not there are said not to be', async () => {
    const visitor = await Visitor.signedIn(ADMINISTRATOR, '/models/nowhere/versions/1.0.0');
    visitor.expects(/404/);
    await visitor.page.getByRole('alert').getByText('There is no model "nowhere".').waitFor();
    await visitor.page.getByRole('link', { name: 'Models' }).last().click();
    await visitor.page.getByRole('heading', { name: 'Models', level: 1 }).waitFor();
  });
});
