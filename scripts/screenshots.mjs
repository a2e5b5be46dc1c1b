/**
 * `npm run screenshots [-- NAME…]`: starts a server of its own with people and predictions in it, goes through the console's pages in
 * Chromium and writes what they look like to docs/images. Needs Debian's chromium, or Chrome.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { ensureBuilt } from './build.mjs';
import { ensureConsoleBuilt } from './build-console.mjs';
import { findChromium } from './chromium.mjs';
import { furnish, PASSWORD } from './screenshots/furnish.mjs';
import { SCENES } from './screenshots/scenes.mjs';

const root = join(import.meta.dirname, '..');
const OUT = process.env.SCREENSHOTS_DIR ?? join(root, 'docs/images');
const LARGEST_BYTES = 300_000;
const WIDE = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844 };

const executablePath = findChromium();
if (!executablePath) {
  console.error('No Chromium on this machine (Debian: apt-get install chromium).');
  process.exit(1);
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function startServer(folder) {
  const port = await freePort();
  const child = spawn(process.execPath, [join(root, 'dist/apps/api/src/main.js')], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATA_DIR: join(folder, 'data'),
      PORT: String(port),
      ADMIN_PASSWORD: PASSWORD,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const ready = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return { url, child };
    await sleep(100);
  }
}

/** Signed in as somebody, in a browser of their own. */
async function visit(browser, url, { who, language = 'en', scheme = 'light', phone = false }) {
  const context = await browser.newContext({
    baseURL: url,
    viewport: phone ? PHONE : WIDE,
    colorScheme: scheme,
    locale: language === 'es' ? 'es-ES' : 'en-GB',
    timezoneId: 'Europe/Madrid',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(error));
  if (who) {
    await page.goto('/sign-in');
    await page.locator('input[name=username]').fill(who);
    await page.locator('input[name=password]').fill(PASSWORD);
    await page.locator('button[type=submit]').click();
    await page.getByRole('navigation').first().waitFor({ state: 'attached' });
  }
  return { context, page };
}

const wanted = process.argv.slice(2);
const scenes = SCENES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
await Promise.all([ensureBuilt(), ensureConsoleBuilt()]);
const folder = mkdtempSync(join(tmpdir(), 'latido-screenshots-'));
chmodSync(folder, 0o755);
const { url, child } = await startServer(folder);
const browser = await chromium.launch({ executablePath, headless: true, args: ['--no-sandbox', '--disable-gpu'] });
let failed = false;
try {
  const furniture = await furnish(url);
  for (const scene of scenes) {
    const { context, page } = await visit(browser, url, scene);
    const path = join(OUT, `console-${scene.name}.png`);
    try {
      await scene.show(page, furniture);
      await page.waitForLoadState('networkidle').catch(() => undefined);
      // Charts are drawn in the frame after their data came.
      await sleep(400);
      await page.screenshot({ path, animations: 'disabled' });
      const { size } = statSync(path);
      console.log(`${path.slice(root.length + 1)}  ${Math.round(size / 1000)} kB`);
      if (size > LARGEST_BYTES) throw new Error(`larger than ${LARGEST_BYTES / 1000} kB`);
    } catch (error) {
      console.error(`${scene.name}: ${error.message}`);
      await page.screenshot({ path: join(tmpdir(), `failed-${scene.name}.png`) }).catch(() => undefined);
      failed = true;
    }
    await context.close();
  }
} finally {
  await browser.close();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
