/** The end-to-end tests start the built server: build what is not built before any test runs. */
import { ensureBuilt } from '../../scripts/build.mjs';

export default async function setup(): Promise<void> {
  await ensureBuilt();
}
