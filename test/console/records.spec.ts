/** What stands in the record: predictions and what came of them, and files that are scored in the background. */
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { PATIENT } from '../setup/patient.js';
import { noBrowser, PHONE, server, Visitor, type NewUser } from './visitor.js';

const HEADER = 'Subject;Age;Total cholesterol;Systolic blood pressure;glucose;overweight;smoker;ward';
const FINE = 'P-1;68;2,45;1,35;1,75;0;0;W1';

/** A file as hospitals' spreadsheets write it. */
function fileOf(...rows: string[]): { name: string; mimeType: string; buffer: Buffer } {
  return { name: 'patients.csv', mimeType: 'text/csv', buffer: Buffer.from([HEADER, ...rows, ''].join('\r\n')) };
}

describe.skipIf(noBrowser)('The record in the console', () => {
  let person: NewUser;
  let single: string;
  let several: string;
  const asked = async (body: unknown): Promise<string> => {
    const { status, body: answer } = await server.predict<{ id: string }>(person.token, body);
    expect(status).toBe(201);
    return answer.id;
  };
  beforeAll(async () => {
    person = await server.newUser('console-records');
    // Its plan's five requests a minute would be waited out.
    const token = await server.admin();
    const { status } = await server.request('PUT', `/v1/users/${person.id}/subscription`, {
      token,
      body: { plan: 'PREMIUM' },
    });
    expect(status).toBe(200);
    single = await asked({ input: PATIENT, subject: 'P-console-7' });
    several = await asked({
      inputs: [20, 50, 80].map((age) => ({ ...PATIENT, age })),
      subjects: ['P-console-1', 'P-console-2', null],
    });
  });

  it('is chosen by filters in the address, and searched by a patient who never stands there', async () => {
    const visitor = await Visitor.signedIn(person, '/predictions');
    const { page } = visitor;
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    const rows = page.getByRole('table', { name: 'Predictions' }).getByRole('row');
    await rows.nth(2).waitFor();
    await page.getByRole('combobox', { name: 'Model' }).click();
    await page.getByRole('option', { name: 'Cardiac risk' }).click();
    await page.getByRole('combobox', { name: 'Answer' }).click();
    await page.getByRole('option', { name: 'No cardiac risk' }).click();
    await page.waitForURL(/model=cardiac-risk&label=no-risk|label=no-risk&model=cardiac-risk/);
    await page.reload();
    await page.getByRole('button', { name: 'Clear' }).click();

    await page.getByLabel('Patient').fill('P-console-7');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('Predictions of the patient P-console-7').waitFor();
    await page.getByRole('cell', { name: 'P-console-7' }).waitFor();
    await expect.poll(() => rows.count()).toBe(2);
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export as CSV' }).click();
    const file = await text(await (await saving).createReadStream());
    expect(file).toContain(`\n${single},0,`);
    expect(file.trim().split('\n')).toHaveLength(2);
    await page.getByText(/^Saved as predictions-/).waitFor();
    expect([...addresses, page.url()].filter((address) => address.includes('P-console'))).toEqual([]);
    await visitor.expectAccessible();
    visitor.expectNoComplaints();
  });

  it('says that nothing fits, and that a prediction is not there', async () => {
    const visitor = await Visitor.signedIn(person, '/predictions?from=2020-01-01&to=2020-01-02');
    await visitor.page.getByRole('heading', { name: 'No prediction matches' }).waitFor();
    visitor.expects(/404/);
    await visitor.goTo('/predictions/0198c2b4-6a52-7c3e-9a41-0c1f5d1d8a11');
    await visitor.page.getByRole('heading', { name: 'There is no such prediction' }).waitFor();
    visitor.expectNoComplaints();
  });

  it('shows one prediction, computes it again, and takes down what really happened and its correction', async () => {
    const visitor = await Visitor.signedIn(person, '/predictions');
    const { page } = visitor;
    await page.goto(`/predictions/${single}`);
    await page.getByText('P-console-7').waitFor();
    await page.getByRole('cell', { name: '68 years' }).waitFor();
    await page.getByText('Threshold: 50%').waitFor();
    await page.getByRole('heading', { name: 'Where the time went' }).waitFor();

    await page.getByRole('button', { name: 'Compute it again' }).click();
    await page.getByText('Reproduced bit for bit').waitFor();

    await page.getByRole('button', { name: 'Record the outcome' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Required').waitFor();
    await page.getByRole('combobox', { name: 'What happened' }).click();
    await page.getByRole('option', { name: 'No cardiac risk' }).click();
    await page.getByLabel('Note (optional)').fill('Seen again');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Revision 1').waitFor();
    await page.getByRole('button', { name: 'Correct it' }).click();
    await page.getByRole('combobox', { name: 'What happened' }).click();
    await page.getByRole('option', { name: 'Cardiac risk', exact: true }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Revision 2').waitFor();
    await page.getByRole('button', { name: 'Show earlier ones' }).click();
    await page.getByText('Revision 1').waitFor();
    await visitor.expectAccessible();
    visitor.expectNoComplaints();
    const { body } = await server.request<{ outcomes: { label: string }[] }>('GET', `/v1/predictions/${single}`, {
      token: person.token,
    });
    expect(body.outcomes[0]).toMatchObject({ label: 'risk', revision: 2, note: 'Seen again' });
  });

  it('shows the rows of one prediction one by one, on a phone and in Spanish', async () => {
    const visitor = await Visitor.signedIn(person, `/predictions/${several}`, { language: 'es', viewport: PHONE });
    const { page } = visitor;
    await page.getByText('Se preguntaron 3 filas a la vez.').waitFor();
    await page.getByRole('table', { name: 'Filas' }).getByRole('link', { name: '2', exact: true }).click();
    await page.getByText('Fila 2 de 3').waitFor();
    await page.getByText('P-console-2').waitFor();
    await page.getByRole('link', { name: 'Fila siguiente' }).click();
    await page.getByRole('cell', { name: '80 años' }).waitFor();
    await visitor.expectNoSidewaysScroll();
    await visitor.expectAccessible(['dark']);
    await page.getByRole('link', { name: 'Todas las filas' }).click();
    await page.getByText('Se preguntaron 3 filas a la vez.').waitFor();
    visitor.expectNoComplaints();
  });

  it('looks at a file before it is sent, follows it, and gives back its results and its rows with errors', async () => {
    const visitor = await Visitor.signedIn(person, '/batches');
    const { page } = visitor;
    const file = page.getByLabel(/Drop a CSV file here/);
    await file.setInputFiles({ ...fileOf(), buffer: Buffer.from('Age;smoker\n68;0\n') });
    await page.getByText(/^The file lacks columns that the model needs: Total cholesterol \(cholesterol\)/).waitFor();
    expect(await page.getByRole('button', { name: 'Send and score' }).isDisabled()).toBe(true);

    await page.getByRole('button', { name: 'Another file' }).click();
    await file.setInputFiles(fileOf(FINE, 'P-2;120;NA;1,35;;0;2;W1', FINE));
    await page.getByText('3 rows · separated by semicolons · decimal commas · UTF-8').waitFor();
    for (const fault of ['must be at most 99', 'is not a number', 'is missing', 'must be one of 0, 1'])
      await page.getByText(fault, { exact: true }).waitFor();
    await page.getByText('One more column is carried along unchanged: ward.').waitFor();
    await visitor.expectAccessible();
    await page.getByRole('button', { name: 'Send and score' }).click();

    await page.getByRole('heading', { name: 'Batch: Cardiac risk' }).waitFor();
    await page.getByText('Done', { exact: true }).waitFor();
    await page.getByRole('cell', { name: 'cholesterol: must be a number' }).waitFor();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download results' }).click();
    const lines = (await text(await (await saving).createReadStream())).trim().split('\n');
    expect(lines[0]).toMatch(/^Subject;Age;.*;prediction;error$/);
    expect(lines).toHaveLength(4);
    await visitor.expectAccessible();
    await page.reload();
    await page.getByText('Done', { exact: true }).waitFor();
    await page.getByRole('navigation', { name: 'Where you are' }).getByRole('link').click();
    await page.getByRole('table', { name: 'Your batches' }).getByText('Done').waitFor();
    visitor.expectNoComplaints();
  });

  it('says why a file of which all rows or none were wanted has failed', async () => {
    const visitor = await Visitor.signedIn(person, '/batches', { language: 'es', viewport: PHONE });
    const { page } = visitor;
    await page.getByLabel(/Suelte aquí un archivo CSV/).setInputFiles(fileOf(FINE, FINE.replace('68', '168')));
    await page.getByRole('radio', { name: 'No evaluar ninguna' }).check();
    await page.getByText('Tal como está, este archivo no se evaluaría.').waitFor();
    await visitor.expectNoSidewaysScroll();
    await page.getByRole('button', { name: 'Enviar y evaluar' }).click();
    await page
      .getByRole('alert')
      .getByText(/^Fila 2: /)
      .waitFor();
    await page.getByText('Terminó sin resultados.').waitFor();
    await visitor.expectNoSidewaysScroll();
    await visitor.expectAccessible(['dark']);
    visitor.expectNoComplaints();
  });

  it('cancels a batch when it is asked to', async () => {
    const visitor = await Visitor.signedIn(person, '/batches');
    const { page } = visitor;
    const rows = `${FINE}\n`.repeat(200_000).trimEnd();
    await page.getByLabel(/Drop a CSV file here/).setInputFiles(fileOf(rows));
    await page.getByText(/^about 200,000 rows/).waitFor();
    await page.getByRole('button', { name: 'Send and score' }).click();
    await page.getByRole('button', { name: 'Cancel the batch' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel this batch?' });
    await dialog.getByRole('button', { name: 'Cancel the batch' }).click();
    await page.getByText('Cancelled', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Cancel the batch' }).count()).toBe(0);
    visitor.expectNoComplaints();
  });
});
