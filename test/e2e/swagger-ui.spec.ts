/** Swagger UI in headless Chromium, by hand as a person would: authorise, send a prediction, read the answer. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, CHROMIUM_OPTIONS } from '../setup/chromium.js';
import { Server } from './server.js';

if (CHROMIUM === undefined)
  console.warn('No Chromium on this machine: the Swagger UI test is skipped (Debian: apt-get install chromium).');

describe.skipIf(CHROMIUM === undefined)('Swagger UI', () => {
  const server = new Server();
  const profile = mkdtempSync(join(tmpdir(), 'latido-chromium-'));
  let browser: BrowserContext;
  let page: Page;
  const complaints: string[] = [];
  let user: { name: string; password: string };
  const screenshot = async (name: string): Promise<void> => {
    if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, name) });
  };

  beforeAll(async () => {
    await server.start();
    user = await server.newUser('reader');
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM!,
      headless: true,
      viewport: { width: 1280, height: 1000 },
      args: CHROMIUM_OPTIONS,
    });
    page = browser.pages()[0] ?? (await browser.newPage());
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
  });
  afterAll(async () => {
    await browser?.close();
    await server.remove();
    rmSync(profile, { recursive: true, force: true });
  });

  it('lists the routes, and the active model by its own path with an example', async () => {
    await page.goto(`${server.url}/docs`);
    await page.getByText('/v1/models/cardiac-risk/predictions').waitFor();
    await page.getByText('/v1/me/api-keys', { exact: true }).first().waitFor();
  });

  it('authorises with a user name and a password', async () => {
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const dialog = page.locator('.modal-ux');
    const form = dialog.locator('.auth-container').filter({ has: page.locator('#oauth_username') });
    await form.locator('#oauth_username').fill(user.name);
    await form.locator('#oauth_password').fill(user.password);
    await form.locator('button.authorize').click();
    await dialog.locator('button', { hasText: 'Logout' }).waitFor();
    await dialog.locator('button', { hasText: 'Close' }).first().click();
  });

  it('sends the example and shows a recorded risk', async () => {
    const operation = page.locator('.opblock', { has: page.getByText('/v1/models/cardiac-risk/predictions') });
    await operation.locator('.opblock-summary-control').click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    const response = operation.locator('.live-responses-table');
    await response.getByText('201', { exact: true }).first().waitFor();
    await expect.poll(() => response.innerText()).toContain('"label": "risk"');
    expect(await response.innerText()).toContain('Trained on synthetic data; not for clinical use');
    await screenshot('swagger-ui.png');
  });

  it('shows signals and units of a model of windows, and answers its example', async () => {
    const path = '/v1/models/haemodynamic-shock/predictions';
    const operation = page.locator('.opblock', { has: page.getByText(path) });
    await operation.locator('.opblock-summary-control').click();
    const example = await operation.locator('.opblock-section-request-body textarea').inputValue();
    expect(example).toContain('"signal": "heartRate"');
    expect(example).toContain('"unit": "/min"');
    await operation.getByRole('button', { name: 'Execute' }).click();
    const response = operation.locator('.live-responses-table');
    await response.getByText('201', { exact: true }).first().waitFor();
    await expect.poll(() => response.innerText()).toContain('"label": "sano"');
    await screenshot('swagger-ui-shock.png');
  });

  it('meets no error and no refused resource on the way', () => {
    expect(complaints).toEqual([]);
  });
});
