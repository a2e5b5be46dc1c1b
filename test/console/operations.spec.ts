/** Service and audit: how the service does while it does it, and whether the record of it holds. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD } from '../e2e/server.js';
import { ADMINISTRATOR, noBrowser, PHONE, server, Visitor, type NewUser } from './visitor.js';

const UNKNOWN = '01a22e90-d875-776f-840b-a1fa00a01273';

describe.skipIf(noBrowser)('Operations in the console', () => {
  let admin: string;
  let auditor: NewUser;
  let patient: NewUser;
  let prediction: string;
  beforeAll(async () => {
    admin = await server.admin();
    auditor = await server.newUser('console-auditor');
    await server.request('PATCH', `/v1/users/${auditor.id}`, { token: admin, body: { role: 'auditor' } });
    patient = await server.newUser('console-promoted');
    await server.request('PUT', `/v1/users/${patient.id}/subscription`, { token: admin, body: { plan: 'PREMIUM' } });
    prediction = (await server.predict<{ id: string }>(patient.token)).body.id;
  });

  describe('The service page', () => {
    it('is live: a prediction that somebody makes is seen without a reload, unless it is held still', async () => {
      const visitor = await Visitor.signedIn(ADMINISTRATOR, '/service');
      const { page } = visitor;
      await page.getByText('Live', { exact: true }).waitFor();
      await page.getByText('Database: OK').waitFor();
      const recorded = async (): Promise<number> => {
        const card = page.getByText('Predictions recorded', { exact: true }).locator('..');
        return Number(/\d+/.exec((await card.innerText()).replaceAll(',', ''))![0]);
      };
      const before = await recorded();
      await server.predict(patient.token);
      await expect.poll(recorded).toBeGreaterThan(before);
      await page.getByRole('table', { name: 'Predictions by model' }).getByText('Cardiac risk').waitFor();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByText('Paused').waitFor();
      const held = await recorded();
      await server.predict(patient.token);
      await visitor.expectAccessible();
      expect(await recorded()).toBe(held);
      await page.getByRole('button', { name: 'Resume' }).click();
      await expect.poll(recorded).toBeGreaterThan(held);
      visitor.expectNoComplaints();
    });

    it('asks again where its stream is refused, and comes back by itself where it breaks', async () => {
      const refused = await Visitor.open();
      refused.expects(/404|events/);
      await refused.page.route('**/v1/service/events*', (route) =>
        route.fulfill({ status: 404, body: 'no such page' }),
      );
      await refused.signIn('admin', ADMIN_PASSWORD, '/service');
      await refused.page.getByText('Every five seconds').waitFor();
      await refused.page.getByText('Predictions recorded', { exact: true }).waitFor();

      await refused.page.route('**/v1/service/events*', (route) => route.abort('connectionrefused'));
      refused.expects(/404|events|ERR_CONNECTION_REFUSED/);
      await refused.page.reload();
      await refused.page.getByText('Connection lost').waitFor();
      await refused.page.unroute('**/v1/service/events*');
      await refused.page.getByText('Live', { exact: true }).waitFor();
      refused.expectNoComplaints();
    });

    it('counts predictions by class and day, from the record', async () => {
      const visitor = await Visitor.signedIn(ADMINISTRATOR, '/service?tab=predictions&model=cardiac-risk');
      const { page } = visitor;
      const card = page.getByRole('region', { name: 'Cardiac risk', exact: true });
      await card.getByText(/^Cardiac risk: \d+/).waitFor();
      await card.getByText('Mean probability of the positive class').waitFor();
      await card.getByRole('button', { name: 'Show as a table: Rows by answered class and day' }).click();
      const days = card.getByRole('region', { name: /Rows by answered class and day/ }).getByRole('row');
      // A head and a week.
      expect(await days.count()).toBe(8);
      await page.getByText('30 days').click();
      await expect.poll(() => new URL(page.url()).searchParams.get('days')).toBe('30');
      await expect.poll(() => days.count()).toBe(31);
      await visitor.expectAccessible();
      visitor.expectNoComplaints();
    });

    it('lists what was refused last, with the id of the request and whose it was', async () => {
      const answer = await server.predict(patient.token, { input: {} });
      expect(answer.status).toBe(422);
      const visitor = await Visitor.signedIn(ADMINISTRATOR, '/service?tab=errors&status=4xx');
      const { page } = visitor;
      const requestId = answer.headers.get('x-request-id')!;
      const row = page.getByRole('row').filter({ hasText: requestId });
      await row.getByText('422').waitFor();
      await row.getByRole('link', { name: 'console-promoted' }).waitFor();
      await visitor.expectAccessible();
      await row.getByRole('button', { name: 'Copy' }).click();
      expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(requestId);
      await page.getByRole('combobox', { name: 'Status' }).click();
      await page.getByRole('option', { name: 'Failed (5xx)' }).click();
      await expect.poll(() => row.count()).toBe(0);
      visitor.expectNoComplaints();
    });
  });

  describe('The audit page', () => {
    it('verifies the record and says in words that it holds', async () => {
      const visitor = await Visitor.signedIn(auditor, '/audit?tab=verify');
      const { page } = visitor;
      await page.getByRole('button', { name: 'Verify the record' }).click();
      await page.getByRole('heading', { name: 'The record holds' }).waitFor();
      const counts = page.getByRole('table', { name: 'What was checked' });
      await counts.getByRole('row', { name: /^Predictions .* [1-9]\d*$/ }).waitFor();
      await page.getByText('latido audit verify').waitFor();
      await visitor.expectAccessible();
      visitor.expectNoComplaints();
    });

    it('shows how far a verification is, can end it, and names what does not hold', async () => {
      const visitor = await Visitor.signedIn(auditor, '/audit?tab=verify');
      const { page } = visitor;
      const answer = (body: string) =>
        page.route('**/v1/audit/verify', (route) => route.fulfill({ contentType: 'text/event-stream', body }));
      const event = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
      const leaves = { records: 9, unproven: 0, unsealed: 0 };
      // A record that does not hold would be everybody's on this server.
      await answer(
        event('progress', { phase: 'predictions', checked: 3, total: 9 }) +
          event('ended', {
            holds: false,
            keys: 'database',
            chains: 1,
            batches: 9,
            records: { predictions: leaves, events: leaves },
            droppedBatches: 0,
            checkpoints: 0,
            findings: [
              { code: 'record-altered', message: 'The record was altered.', shard: 1, seq: 2, id: prediction },
            ],
            moreFindings: 1,
          }),
      );
      await page.getByRole('button', { name: 'Verify the record' }).click();
      await page.getByRole('heading', { name: 'The record does not hold' }).waitFor();
      const findings = page.getByRole('table', { name: 'What does not hold' });
      await findings.getByText('record-altered').waitFor();
      await findings.getByText('Chain 1, batch 2').waitFor();
      await page.getByText('And 1 more.').waitFor();

      await page.unroute('**/v1/audit/verify');
      await answer(event('progress', { phase: 'batches', checked: 3, total: 9 }));
      await page.getByRole('button', { name: 'Verify again' }).click();
      await page.getByRole('alert').getByText('cut off', { exact: false }).first().waitFor();

      await page.unroute('**/v1/audit/verify');
      await page.route('**/v1/audit/verify', () => {
        // It stays open until the page gives up.
      });
      await page.getByRole('button', { name: 'Verify again' }).click();
      await page.getByRole('progressbar').waitFor();
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByText('Stopped before the end').waitFor();
      visitor.expectNoComplaints();
    });

    it('tells events as sentences, found by filters that stand in the address', async () => {
      const visitor = await Visitor.signedIn(ADMINISTRATOR, `/audit?targetId=${patient.id}`);
      const { page } = visitor;
      const rows = page.getByRole('table', { name: 'Events' }).getByRole('row');
      const change = rows.filter({ hasText: 'changed the plan of console-promoted from FREEMIUM to PREMIUM' });
      await change.waitFor();
      await rows.filter({ hasText: 'registered the account' }).waitFor();
      await visitor.expectAccessible();
      await page.getByRole('combobox', { name: 'What was done' }).click();
      await page.getByRole('option', { name: 'Changed the plan of … from … to …' }).click();
      await expect.poll(() => rows.count()).toBe(2);
      expect(new URL(page.url()).searchParams.get('action')).toBe('subscription.changed');
      await page.reload();
      await change.getByRole('button', { name: /^Details of subscription.changed/ }).click();
      const dialog = page.getByRole('dialog', { name: 'subscription.changed' });
      await dialog.getByText('"to": "PREMIUM"').waitFor();
      await dialog.getByText(patient.id).waitFor();
      await visitor.expectAccessible();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      await page.getByLabel('Id of the account').fill('somebody');
      await page.getByText(/^An id looks like/).waitFor();
      await page.getByRole('button', { name: 'Clear the filters' }).click();
      await expect.poll(() => rows.count()).toBeGreaterThan(2);
      visitor.expectNoComplaints();
    });

    it('leads an auditor from an event to its proof, which the browser checks', async () => {
      const visitor = await Visitor.signedIn(auditor, `/audit?action=subscription.changed&targetId=${patient.id}`);
      const { page } = visitor;
      await page.getByText('Only administrators see the names of accounts.', { exact: false }).waitFor();
      await page.getByRole('button', { name: `Copy the id of account …${patient.id.slice(-8)}` }).click();
      expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(patient.id);
      await page.getByRole('link', { name: /^Proof of subscription.changed/ }).click();
      await page.getByRole('heading', { name: /^This event is in the record, unchanged since/ }).waitFor();
      expect(await page.getByText('Right', { exact: true }).count()).toBe(4);
      await visitor.expectAccessible();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download proof.json' }).click(),
      ]);
      const file = join(mkdtempSync(join(tmpdir(), 'latido-proof-')), 'proof.json');
      await download.saveAs(file);
      const saved = JSON.parse(readFileSync(file, 'utf8')) as { id: string; publicKey: string };
      expect(saved.id).toBe(new URL(page.url()).searchParams.get('proof'));
      expect(saved.publicKey).toContain('PUBLIC KEY');
      visitor.expectNoComplaints();
    });

    it('opens the proof of a prediction by a link, and sees when it was tampered with on the way', async () => {
      const visitor = await Visitor.signedIn(auditor, `/audit?proof=${prediction}`);
      const { page } = visitor;
      await page.getByRole('heading', { name: /^This prediction is in the record, unchanged since/ }).waitFor();
      await page.route('**/v1/audit/proofs/*', async (route) => {
        const response = await route.fetch();
        const proof = (await response.json()) as { leaf: string };
        const bytes = Buffer.from(proof.leaf, 'base64');
        bytes[bytes.length - 1]! ^= 1;
        await route.fulfill({ response, json: { ...proof, leaf: bytes.toString('base64') } });
      });
      await page.reload();
      await page.getByRole('heading', { name: 'This proof does not hold' }).waitFor();
      expect(await page.getByText('Does not fit', { exact: true }).count()).toBe(1);
      visitor.expectNoComplaints();
    });

    it('says so of an id that nothing has, and of what is none', async () => {
      const visitor = await Visitor.signedIn(auditor, '/audit?tab=proof');
      const { page } = visitor;
      const field = page.getByLabel('Id of a prediction or an audit event');
      await field.fill('seven');
      await page.getByRole('button', { name: 'Look it up' }).click();
      await page.getByText(/^An id looks like/).waitFor();
      visitor.expects(/404/);
      await field.fill(UNKNOWN);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'There is no such record' }).waitFor();
      expect(new URL(page.url()).searchParams.get('proof')).toBe(UNKNOWN);
      visitor.expectNoComplaints();
    });

    it('is read in Spanish on a phone, and so is the service page', async () => {
      const visitor = await Visitor.signedIn(ADMINISTRATOR, '/audit', { language: 'es', viewport: PHONE });
      const { page } = visitor;
      await page.getByRole('button', { name: /^Filtros/ }).click();
      await page.getByLabel('Identificador del objeto').fill(patient.id);
      await page.getByText('cambió el plan de', { exact: false }).first().waitFor();
      await visitor.expectNoSidewaysScroll();
      await visitor.expectAccessible();
      await page.getByRole('tab', { name: 'Verificar' }).click();
      await page.getByRole('button', { name: 'Verificar el registro' }).click();
      await page.getByRole('heading', { name: 'El registro está intacto' }).waitFor();
      await visitor.expectNoSidewaysScroll();
      await visitor.goTo('/service');
      await page.getByText('En directo').waitFor();
      await page.getByText('Predicciones registradas').waitFor();
      await visitor.expectNoSidewaysScroll();
      await visitor.expectAccessible();
      for (const tab of ['predictions', 'errors']) {
        await visitor.goTo(`/service?tab=${tab}`);
        await page.getByRole('tabpanel').waitFor();
        await visitor.expectNoSidewaysScroll();
      }
      visitor.expectNoComplaints();
    });
  });
});
