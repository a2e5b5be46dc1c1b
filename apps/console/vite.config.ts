import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { mantineStyles } from './mantine-styles.ts';

/** A server for work on the console itself: `npx vite apps/console` beside `npm start`. */
const SERVER = process.env.LATIDO_URL ?? 'http://localhost:3000';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), mantineStyles()],
  resolve: {
    alias: {
      // Its sources: the console is built where the client's own build may never have run.
      '@latido/client': fileURLToPath(new URL('../../clients/typescript/src/index.ts', import.meta.url)),
    },
  },
  build: {
    outDir: 'dist',
    target: 'es2023',
    // All of them know light-dark(): what it would be lowered to cannot follow a colour scheme that a script sets.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // Every file by its own address: a policy without `data:` serves.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: { proxy: { '/v1': SERVER, '/openapi.json': SERVER, '/docs': SERVER, '/health': SERVER } },
});
