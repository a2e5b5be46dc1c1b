/** The end-to-end tests start the built server, which serves the built console: build what is not built before any test runs. */
import { ensureConsoleBuilt } from '../../scripts/build-console.mjs';
import { ensureBuilt } from '../../scripts/build.mjs';

export default async function setup(): Promise<void> {
  await Promise.all([ensureBuilt(), ensureConsoleBuilt()]);
}
