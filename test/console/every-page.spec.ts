/** Every page at both widths and in both themes: nothing for axe, nothing that sticks out, nothing red in the browser's console. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { PATIENT } from '../setup/patient.js';
import { ADMINISTRATOR, noBrowser, PHONE, server, Visitor } from './visitor.js';

/** Those of the router with what stands in their places; what is not there to be opened yet is made before. */
const PAGES = [
  '/try',
  '/try/cardiac-risk',
  '/try/haemodynamic-shock',
  '/predictions',
  '/predictions/{prediction}',
  '/batches',
  '/batches/{batch}',
  '/models',
  '/models/publish',
  '/models/penguins',
  '/models/cardiac-risk/versions/1.0.0',
  '/service',
  '/service?tab=predictions',
  '/service?tab=errors',
  '/users',
  '/users?tab=plans',
  '/users/{user}',
  '/audit',
  '/audit?tab=verify',
  '/audit?tab=checkpoints',
  '/audit?proof={prediction}',
  '/account',
  '/models/one/two/three',
] as const;
const BEFORE_SIGN_IN = ['/sign-in', '/register'] as const;

describe.skipIf(noBrowser)('In the console', () => {
  const places: Record<string, string> = {};
  beforeAll(async () => {
    const { id, token } = await server.newUser('console-everywhere');
    places.user = id;
    places.prediction = (
      await server.predict<{ id: string }>(token, { input: PATIENT, subject: 'P-everywhere' })
    ).body.id;
    const names = Object.keys(PATIENT);
    const sent = await fetch(`${server.url}/v1/models/cardiac-risk/batches`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
      body: `${names.join()}\n${Object.values(PATIENT).join()}\n`,
    });
    places.batch = ((await sent.json()) as { id: string }).id;
  });

  const look = async (visitor: Visitor): Promise<void> => {
    await expect.poll(() => visitor.page.getByRole('status', { name: 'Loading' }).count()).toBe(0);
    await visitor.expectNoSidewaysScroll();
    await visitor.expectAccessible();
    await visitor.appear({ viewport: PHONE });
    await visitor.expectNoSidewaysScroll();
    await visitor.expectAccessible(['dark']);
    visitor.expectNoComplaints();
  };

  it.each(PAGES)('%s is for everybody, at both widths and in both themes', async (page) => {
    const path = page.replace(/\{(\w+)\}/, (_, name: string) => places[name]!);
    await look(await Visitor.signedIn(ADMINISTRATOR, path));
  });

  it.each(BEFORE_SIGN_IN)('%s is for everybody, at both widths and in both themes', async (page) => {
    const visitor = await Visitor.open();
    await visitor.goTo(page);
    await look(visitor);
  });

  it('no page is left out', () => {
    const router = readFileSync(new URL('../../apps/console/src/router.tsx', import.meta.url), 'utf8');
    const looked = [...PAGES, ...BEFORE_SIGN_IN].map((page) => page.replace(/\?.*/, ''));
    const routes = [...router.matchAll(/\bpath: '(\/[^']*)'/g)].map(([, path]) => path!);
    const isLookedAt = (route: string): boolean =>
      looked.some((page) => new RegExp(`^${route.replace(/\$\w+/g, '[^/]+').replace(/\$$/, '.+')}$`).test(page));
    // The start leads on, and the last is shown to those alone whose password was given to them: see session.spec.ts.
    expect(routes.filter((route) => !isLookedAt(route))).toEqual(['/new-password', '/']);
  });
});
