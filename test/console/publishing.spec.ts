/** The way from a file to a version that answers, with what may come up on it. A new model is published in `people.spec.ts`. */
import { beforeAll, describe, expect, it } from 'vitest';
import { birdFile, publishBirds } from './birds.js';
import { ADMINISTRATOR, noBrowser, PHONE, server, Visitor } from './visitor.js';

describe.skipIf(noBrowser)('Publishing in the console', () => {
  let token: string;
  beforeAll(async () => {
    token = await server.admin();
  });

  it('takes what the file does not say from the live version, and puts the next one in its place', async () => {
    await publishBirds('console-nest', '1.0.0', token);
    await server.request('PUT', '/v1/models/console-nest/active', { token, body: { version: '1.0.0' } });
    const visitor = await Visitor.signedIn(ADMINISTRATOR, '/models/publish?model=console-nest');
    const { page } = visitor;
    await page.getByLabel(/Drop the model file here/).setInputFiles([birdFile('1.1.0', 'model.onnx')]);
    await page.getByText(/From version 1\.0\.0, which is live: title, description and notice/).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'What the version says of itself' }).waitFor();
    expect(await page.evaluate('window.scrollY')).toBe(0);
    expect(await page.getByRole('textbox', { name: 'Version', exact: true }).inputValue()).toBe('1.1.0');
    expect(await page.getByRole('textbox', { name: 'Title', exact: true }).first().inputValue()).toBe('Birds on trial');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Without golden rows nobody can tell').waitFor();
    await page.getByLabel(/Drop files here/).setInputFiles([birdFile('1.1.0', 'golden.json')]);
    await page.getByText(/rows with the outputs of/).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Becomes a version of console-nest. What is live stays live.').waitFor();
    await page.getByRole('button', { name: 'Publish version 1.1.0' }).click();
    await page.getByText('Version 1.1.0 is published').waitFor();
    await page.getByText('It lets this version in.').waitFor();
    await page.getByRole('button', { name: 'Activate' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason (optional)').fill('the next one');
    await dialog.getByRole('button', { name: 'Activate' }).click();
    await page.getByRole('main').getByText('Version 1.1.0 is live.').waitFor();
    visitor.expectNoComplaints();
  });

  it('comes back to the field that the server has something against', async () => {
    const visitor = await Visitor.signedIn(ADMINISTRATOR, '/models/publish', { scheme: 'dark' });
    const { page } = visitor;
    await page.getByLabel(/Drop the model file here/).setInputFiles([birdFile('1.1.0', 'model.onnx')]);
    await page.getByText('It can be served.').waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('console-eggs');
    await page.getByRole('combobox', { name: 'Task' }).click();
    await page.getByRole('option', { name: 'A number' }).click();
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    visitor.expects(/422/);
    await page.getByRole('button', { name: /^Publish version/ }).click();
    await page.getByText('One thing to correct').waitFor();
    await page.getByText('has no meaning for a regression').last().waitFor();
    await visitor.expectAccessible(['dark']);
    await page.getByRole('combobox', { name: 'Task' }).click();
    await page.getByRole('option', { name: 'Several classes' }).click();
    await page.getByText('One thing to correct').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByRole('button', { name: /^Publish version/ }).click();
    await page.getByText(/^Version .* is published$/).waitFor();
    visitor.expectNoComplaints();
  });

  it('asks before what was filled in is left, in Spanish on a phone', async () => {
    const visitor = await Visitor.signedIn(ADMINISTRATOR, '/models/publish', { language: 'es', viewport: PHONE });
    const { page } = visitor;
    await page.getByLabel(/^Suelte aquí el archivo/).setInputFiles([birdFile('1.1.0', 'model.onnx')]);
    await page.getByText('Puede servirse.').waitFor();
    for (const heading of [
      undefined,
      'Lo que la versión dice de sí misma',
      'Lo que muestra que es correcto',
      'Publicar',
    ]) {
      if (heading !== undefined) {
        await page.getByRole('button', { name: 'Continuar' }).click();
        await page.getByRole('heading', { name: heading, level: 2 }).waitFor();
      }
      await visitor.expectNoSidewaysScroll();
      await visitor.expectAccessible(['light']);
    }
    const leave = page.getByRole('link', { name: 'Modelos' }).last();
    await leave.click();
    await page.getByRole('dialog', { name: '¿Salir sin publicar?' }).waitFor();
    await visitor.expectAccessible(['light']);
    await page.getByRole('button', { name: 'Quedarse' }).click();
    await page.getByRole('heading', { name: 'Publicar', level: 2 }).waitFor();
    await leave.click();
    await page.getByRole('button', { name: 'Salir' }).click();
    await page.getByRole('heading', { name: 'Modelos', level: 1 }).waitFor();
    visitor.expectNoComplaints();
  });
});
