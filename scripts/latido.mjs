#!/usr/bin/env node
/** `latido …` and `npm run latido -- …`: builds what is not built, then runs the command in this process, so that signals reach it. */
process.setSourceMapsEnabled(true);
const { ensureBuilt } = await import('./build.mjs');
await ensureBuilt();
await import('../dist/apps/cli/src/main.js');
