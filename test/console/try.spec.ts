/** A model tried on a patient: the form, the answer, the limit, and a monitor's recording. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noBrowser, PHONE, server, Visitor, type Appearance } from './visitor.js';

interface Example {
  readonly label: string;
  readonly input: { readonly observations: readonly { signal: string; time: string; value: number }[] };
}
const examples = (
  JSON.parse(readFileSync(new URL('../../models/haemodynamic-shock/1.0.0/examples.json', import.meta.url), 'utf8')) as {
    readonly examples: readonly Example[];
  }
).examples;

describe.skipIf(noBrowser)('A model that is tried', () => {
  const someone = async (name: string, path: string, appearance?: Appearance): Promise<Visitor> =>
    Visitor.signedIn(await server.newUser(name), path, appearance);

  it('is the cardiac one at a first visit, in three steps', async () => {
    const visitor = await someone('console-tour', '/try');
    const { page } = visitor;
    await page.getByRole('heading', { name: 'Your first answer, in three steps' }).waitFor();
    await visitor.expectAccessible(['light']);
    await page
      .getByRole('link', { name: 'Begin' })
      .or(page.getByRole('button', { name: 'Begin' }))
      .press('Enter');
    const tour = page.getByRole('region', { name: 'Change a value' });
    await tour.getByText('Step 1 of 3').waitFor();
    await tour.getByRole('button', { name: 'Next' }).press('Enter');
    await page.getByText('Step 2 of 3').waitFor();
    await page.getByRole('button', { name: 'Ask for the answer' }).click();
    await page.getByText('Step 3 of 3').waitFor();
    await page.getByRole('button', { name: 'Done' }).press('Enter');
    expect(await page.getByText(/^Step \d of 3/).count()).toBe(0);
    // Who has asked once is not shown it again.
    await visitor.goTo('/try');
    await page
      .getByRole('link', { name: /Haemodynamic shock/ })
      .first()
      .waitFor();
    expect(await page.getByText('Your first answer, in three steps').count()).toBe(0);
    visitor.expectNoComplaints();
  });

  it('says beside a field what is wrong with it, before anything is asked', async () => {
    const visitor = await someone('console-fields', '/try/cardiac-risk');
    const { page } = visitor;
    const cholesterol = page.getByRole('textbox', { name: /^Total cholesterol/ });
    const glucose = page.getByRole('textbox', { name: /^Glucose/ });
    await glucose.fill('0.1');
    await glucose.blur();
    await page.getByText('Must be at least 0.5').waitFor();
    await glucose.fill('1');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.method()));
    // Straight from the field to the button, which must not move away when the field is left. On a page that is scrolled it would not.
    await visitor.appear({ viewport: { width: 1280, height: 1800 } });
    await cholesterol.fill('9');
    await page.getByRole('button', { name: 'Ask for the answer' }).click({ delay: 50 });
    await page.getByText('1 value has to be corrected first.').waitFor();
    await page.getByText('Must be at most 3').waitFor();
    await cholesterol.and(page.locator(':focus')).waitFor();
    expect(asked).not.toContain('POST');
    await page.getByRole('button', { name: 'Not at risk' }).click();
    expect(await page.getByText('Must be at most 3').count()).toBe(0);
    visitor.expectNoComplaints();
  });

  it('waits for the plan’s limit and says how long, in Spanish on a phone', async () => {
    const visitor = await someone('console-limit', '/try/cardiac-risk', { language: 'es', viewport: PHONE });
    const { page } = visitor;
    await page.getByRole('textbox', { name: /^Colesterol total/ }).fill('2,45');
    const ask = page.getByRole('button', { name: 'Pedir la respuesta' });
    for (const left of [4, 3, 2, 1, 0]) {
      await ask.click();
      await page.getByText(`${left} de 5 peticiones`).waitFor();
    }
    await visitor.expectNoSidewaysScroll();
    await visitor.expectAccessible();
    visitor.expects(/429/);
    await ask.click();
    await page.getByText(/Continúa solo en \d+ segundos/).waitFor();
    await page.getByRole('button', { name: 'No esperar' }).click();
    expect(await page.getByText(/Continúa solo en/).count()).toBe(0);
    visitor.expectNoComplaints();
  });

  it('shows a monitor’s recording, its gaps, and the state as the window slides', async () => {
    const visitor = await someone('console-window', '/try/haemodynamic-shock');
    const { page } = visitor;
    await page.getByRole('button', { name: 'Cardiogenic shock' }).click();
    await page.getByRole('figure', { name: /^Heart rate/ }).waitFor();
    expect(await page.getByRole('figure').count()).toBeGreaterThanOrEqual(9);
    await page.getByText(/^Missing: /).waitFor();
    const predictions = page.waitForResponse((response) => response.url().endsWith('/predictions'));
    await page.getByRole('button', { name: 'See it over time' }).click();
    const { results } = (await (await predictions).json()) as { results: { label: string }[] };
    expect(results.length).toBeGreaterThan(20);
    await page.getByRole('figure', { name: /^Probability of each state/ }).waitFor();
    await page.getByRole('status').getByText(`Answered for ${results.length} points of time.`).waitFor();
    const states = page.getByRole('region', { name: 'State over time' });
    const outdated = states.getByText('This is the answer to');
    expect(await outdated.count()).toBe(0);
    await page.getByRole('button', { name: 'Healthy' }).click();
    await outdated.waitFor();
    await visitor.expectAccessible(['light']);
    await visitor.appear({ viewport: PHONE });
    await visitor.expectNoSidewaysScroll();
    visitor.expectNoComplaints();
  });

  it('takes a recording from a table, and names the cell that is wrong', async () => {
    const visitor = await someone('console-table', '/try/haemodynamic-shock');
    const { page } = visitor;
    const observations = examples[0]!.input.observations;
    const signals = [...new Set(observations.map(({ signal }) => signal))];
    const times = [...new Set(observations.map(({ time }) => time))].slice(0, 24);
    const valueAt = (time: string, signal: string): string =>
      String(observations.find((one) => one.time === time && one.signal === signal)?.value ?? '').replace('.', ',');
    const lines = times.map((time) => [time, ...signals.map((signal) => valueAt(time, signal))].join(';'));
    const table = [['time', ...signals].join(';'), ...lines];
    const field = page.getByRole('textbox', { name: 'Observations' });
    await field.fill([...table.slice(0, 3), table[3]!.replace(/;[^;]*;/, ';many;'), ...table.slice(4)].join('\n'));
    await page.getByText(/Line 4, column 2/).waitFor();
    await field.fill(table.join('\n'));
    await page.getByText(/^\d+ observations, /).waitFor();
    await page.getByRole('button', { name: 'Ask for the state now' }).click();
    await page.getByRole('link', { name: 'Open the record' }).first().waitFor();
    visitor.expectNoComplaints();
  });
});
