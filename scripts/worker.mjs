/** `npm run worker`: builds what is not built, then does the API's jobs in this process, so that signals reach it. */
process.setSourceMapsEnabled(true);
const { ensureBuilt } = await import('./build.mjs');
if (await ensureBuilt()) console.error('Latido: built');
await import('../dist/apps/worker/src/main.js');
