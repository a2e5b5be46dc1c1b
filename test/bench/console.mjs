/**
 * How long the console takes until it can be used, with nothing in the browser's cache: the sign-in page, and a page of somebody signed in
 * by its address. Beside it the same browser's time for an answer of the API of a few bytes, which is what a page costs at least. `--only console`.
 */
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/chromium.mjs';
import { median } from './measure.mjs';
import { ADMIN_PASSWORD, freePort, newFolder, removeFolder, Server } from './processes.mjs';
import { figure, table } from './report.mjs';

const ROUNDS = 7;
const CHROMIUM = findChromium();

/** Milliseconds from asking for the address until `usable` is to be seen, in a context that has loaded nothing. */
async function timeOf(browser, url, usable, storageState) {
  const context = await browser.newContext({ ...(storageState ? { storageState } : {}) });
  const page = await context.newPage();
  const startedAt = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await usable(page);
  const ms = performance.now() - startedAt;
  // A refresh token is used once: the next round goes on with this one's.
  const state = storageState ? await context.storageState() : undefined;
  await context.close();
  return { ms, state };
}

async function signedIn(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}/sign-in`);
  await page.locator('input[name=username]').fill('admin');
  await page.locator('input[name=password]').fill(ADMIN_PASSWORD);
  await page.locator('button[type=submit]').click();
  // The form has a heading too.
  await page.getByRole('navigation').first().waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

export async function consoleLoad({ folder: parent, log, print }) {
  if (!CHROMIUM) {
    print('\nthe console: no Chromium on this machine, not measured');
    return { unexpected: 0 };
  }
  const folder = newFolder(parent);
  const server = await Server.start({ folder, port: await freePort(), log });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    let state = await signedIn(browser, server.url);
    const times = { 'a few bytes': [], 'sign-in': [], 'a page, signed in': [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      const bytes = await timeOf(browser, `${server.url}/health/live`, (page) => page.getByText('live').waitFor());
      times['a few bytes'].push(bytes.ms);
      const door = await timeOf(browser, `${server.url}/sign-in`, (page) =>
        page.locator('input[name=username]').waitFor(),
      );
      times['sign-in'].push(door.ms);
      const inside = await timeOf(
        browser,
        `${server.url}/models`,
        (page) => page.getByRole('heading', { name: 'Cardiac risk' }).first().waitFor(),
        state,
      );
      times['a page, signed in'].push(inside.ms);
      state = inside.state;
    }
    const least = median(times['a few bytes']);
    print(
      `\n${table(
        ['console, cold cache', 'median ms', 'slowest ms', 'beside a few bytes'],
        Object.entries(times).map(([name, ms]) => [
          name,
          figure(median(ms)),
          figure(Math.max(...ms)),
          figure(median(ms) / least),
        ]),
      )}`,
    );
    return { times, unexpected: 0 };
  } finally {
    await browser.close();
    await server.stop();
    removeFolder(folder);
  }
}
