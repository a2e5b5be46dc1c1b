/** The older glm service's dashboard in headless Chromium, under the server's own security headers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, CHROMIUM_OPTIONS } from '../setup/chromium.js';
import { formOf } from '../setup/form.js';
import { Server } from './server.js';

if (CHROMIUM === undefined)
  console.warn('No Chromium on this machine: the dashboard’s test is skipped (Debian: apt-get install chromium).');

interface Bar {
  readonly outcome: string;
  readonly fill: string;
  readonly high: boolean;
}

/** In the page, as text: tests know no DOM. */
const BARS_OF_HOUR = `[...document.querySelector('svg').querySelectorAll('rect')].map((bar) => ({
  outcome: bar.getAttribute('class'),
  fill: getComputedStyle(bar).fill,
  high: bar.getBoundingClientRect().height > 20,
}))`;

describe.skipIf(CHROMIUM === undefined)('the dashboard', () => {
  const server = new Server({
    ADMIN_PASSWORD: 'seven tall grey towers',
    LEGACY_APIS: 'glm',
    LEGACY_ANONYMOUS_USER: 'older-clients',
    LEGACY_ANONYMOUS_MODELS: 'cardiac-risk',
  });
  const profile = mkdtempSync(join(tmpdir(), 'latido-chromium-'));
  let browser: BrowserContext;

  beforeAll(async () => {
    await server.start();
    for (const content of [
      'cholesterol,systolicPressure,glucose,age,overweight,smoker\n2.4,1.4,1.8,72,0,0\n',
      'age\n72\n',
    ]) {
      const { payload, headers } = formOf({ file: { fileName: 'patients.csv', content } });
      await fetch(`${server.url}/legacy/glm/predict`, { method: 'POST', body: new Uint8Array(payload), headers });
    }
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM!,
      headless: true,
      args: CHROMIUM_OPTIONS,
    });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server.remove();
    rmSync(profile, { recursive: true, force: true });
  });

  it.each(['light', 'dark'] as const)('draws what was answered and refused, in %s', async (colorScheme) => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    await page.emulateMedia({ colorScheme });
    const chart = page.getByRole('img', { name: 'Last hour, by minute: 1 answered, 1 refused (4xx), 0 failed (5xx)' });
    // The request log is written a moment after the answers.
    await expect
      .poll(
        async () => {
          await page.goto(`${server.url}/legacy/glm/dashboard`);
          return chart.count();
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBe(1);
    const drawn = await page.evaluate<Bar[]>(BARS_OF_HOUR);
    expect(drawn.map(({ outcome, high }) => [outcome, high])).toEqual([
      ['answered', true],
      ['refused', true],
    ]);
    // The policy lets the page's own style apply, and nothing else was asked for.
    expect(drawn.map(({ fill }) => fill)).toEqual(
      colorScheme === 'light' ? ['rgb(47, 111, 179)', 'rgb(199, 119, 0)'] : ['rgb(106, 169, 233)', 'rgb(229, 161, 69)'],
    );
    expect(complaints).toEqual([]);
    if (process.env.SCREENSHOTS) {
      await page.screenshot({ path: join(process.env.SCREENSHOTS, `dashboard-${colorScheme}.png`), fullPage: true });
    }
    await page.close();
  });
});
