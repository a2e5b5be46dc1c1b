/** `npm start`: builds what is not built, then runs the server in this process, so that signals reach it. */
process.setSourceMapsEnabled(true);
const { ensureBuilt } = await import('./build.mjs');
if (await ensureBuilt()) console.error('Latido: built');
await import('../dist/apps/api/src/main.js');
