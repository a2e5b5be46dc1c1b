/** One server and one Chromium for all tests of the console; each test file has people of its own. */
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { ensureConsoleBuilt } from '../../scripts/build-console.mjs';
import { ensureBuilt } from '../../scripts/build.mjs';
import { ADMIN_PASSWORD, Server } from '../e2e/server.js';
import { CHROMIUM, CHROMIUM_OPTIONS } from '../setup/chromium.js';
import { runFolder } from '../setup/run-folder.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server's port and folder, and where Chromium takes orders; null where there is no Chromium. */
    console: { readonly port: number; readonly folder: string; readonly browser: string } | null;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (CHROMIUM === undefined) {
    console.warn('No Chromium on this machine: the console is not tested (Debian: apt-get install chromium).');
    project.provide('console', null);
    return undefined;
  }
  // This runs before the root's set-up, which builds too.
  await Promise.all([ensureBuilt(), ensureConsoleBuilt()]);
  const server = Object.assign(new Server({ ADMIN_PASSWORD, TRUST_PROXY: '127.0.0.1' }), { runFolder: runFolder() });
  const [browser] = await Promise.all([
    chromium.launchServer({ executablePath: CHROMIUM, headless: true, args: CHROMIUM_OPTIONS }),
    server.start(),
  ]);
  project.provide('console', { port: server.port, folder: server.folder, browser: browser.wsEndpoint() });
  return async () => {
    await browser.close();
    await server.remove();
  };
}
