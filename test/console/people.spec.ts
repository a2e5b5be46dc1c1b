/**
 * What the console is for, step by step: a clinician and a data scientist do their work. That of an administrator is in
 * `people-admin.spec.ts`, that of an auditor in `operations.spec.ts`.
 */
import { describe, expect, it } from 'vitest';
import { birdFile, birdManifest } from './birds.js';
import { noBrowser, server, Visitor } from './visitor.js';

describe.skipIf(noBrowser)('In the console', () => {
  const withRole = async (name: string, role: string): Promise<string> => {
    const { id, password } = await server.newUser(name);
    await server.request('PATCH', `/v1/users/${id}`, { token: await server.admin(), body: { role } });
    return password;
  };

  it('a clinician tries a model on a patient, understands the answer, and finds it in the record', async () => {
    const { name, password } = await server.newUser('console-clinician');
    const visitor = await Visitor.signedIn({ name, password }, '/');
    const { page } = visitor;
    await page
      .getByRole('link', { name: /Cardiac risk/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'At risk', exact: true }).click();
    await page.getByRole('textbox', { name: /^Age/ }).fill('71');
    await page.getByRole('textbox', { name: /^Patient reference/ }).fill('console-P-71');
    await page.getByRole('button', { name: 'Ask for the answer' }).click();
    await page.getByText('4 of 5 requests left in this minute').waitFor();
    await page.getByText(/^Threshold: /).waitFor();
    await page.getByText(/rows were given a probability of “Cardiac risk” between/).waitFor();
    await page.getByText('Trained on synthetic data; not for clinical use').first().waitFor();
    await page.getByText('Where the time went').waitFor();
    for (const language of ['curl', 'TypeScript', 'Python']) await page.getByText(language, { exact: true }).waitFor();
    await visitor.expectAccessible();

    await page.getByRole('link', { name: 'Open the record' }).click();
    await page.getByText('console-P-71').first().waitFor();
    await page.getByRole('button', { name: /Replay|Compute it again/ }).click();
    await page
      .getByText(/bit for bit/i)
      .first()
      .waitFor();
    expect(page.url()).not.toContain('console-P-71');
    visitor.expectNoComplaints();
  });

  it('a data scientist publishes a version and sees how it was verified', async () => {
    const name = 'console-scientist';
    const visitor = await Visitor.signedIn({ name, password: await withRole(name, 'publisher') }, '/models');
    const { page } = visitor;
    await page.getByRole('link', { name: 'Publish a version' }).first().click();
    await page.getByRole('heading', { name: 'Publish a version', level: 1 }).waitFor();
    const files = page.getByLabel(/Drop the model file here/);
    visitor.expects(/422/);
    await files.setInputFiles([birdFile('1.2.0', 'model.onnx', 'no model at all')]);
    await page.getByText('This file cannot be served as it is').waitFor();
    visitor.expects();
    await page
      .getByLabel(/Drop (the model|another) file here/)
      .setInputFiles([
        birdFile('1.2.0', 'model.onnx'),
        birdFile('1.2.0', 'manifest.yaml', birdManifest('1.2.0', 'console-finches', '')),
        birdFile('1.2.0', 'golden.json'),
        birdFile('1.2.0', 'evaluation.json'),
        birdFile('1.2.0', 'card.md'),
      ]);
    await page.getByText('It can be served.').waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    const title = page.getByRole('textbox', { name: 'Title', exact: true }).first();
    await page.getByText('One thing to correct').waitFor();
    await title.fill('Birds of the console');
    await visitor.expectAccessible(['light']);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText(/rows with the outputs of/).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Publish version 1.2.0' }).click();
    await page.getByText('Version 1.2.0 is published').waitFor();
    await page.getByRole('heading', { name: 'Verification' }).waitFor();
    await page.getByText('An administrator activates it.').waitFor();
    await visitor.expectAccessible(['dark']);
    visitor.expectNoComplaints();
    const { body } = await server.request<{ activeVersion: string | null }>(
      'GET',
      '/v1/models/console-finches/versions/1.2.0',
      {
        token: await server.admin(),
      },
    );
    expect(body).toMatchObject({ status: 'verified', title: 'Birds of the console', active: false });
  });
});
