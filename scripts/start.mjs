/** `npm start`: builds what is not built, then runs the server in this process, so that signals reach it. */
process.setSourceMapsEnabled(true);
const { ensureBuilt } = await import('./build.mjs');
const { ensureConsoleBuilt } = await import('./build-console.mjs');
const built = await Promise.all([ensureBuilt(), ensureConsoleBuilt()]);
if (built.includes(true)) console.error('Latido: built');
await import('../dist/apps/api/src/main.js');
