import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [swc.vite()],
  oxc: false,
  // Subpath imports resolve to dist/ outside of TypeScript's `source` condition: tests run the sources.
  resolve: { alias: [{ find: /^#([a-z-]+)$/, replacement: `${import.meta.dirname}/libs/$1/src/index.ts` }] },
  test: {
    include: ['libs/**/*.spec.ts', 'apps/**/*.spec.ts', 'test/**/*.spec.ts'],
    globalSetup: ['test/setup/build.ts', 'test/setup/postgres.ts'],
    pool: 'forks',
    // For two processors: end-to-end tests wait for processes of their own a fifth of the time.
    maxWorkers: 3,
    // A test of the command line starts three servers one after the other, beside two other workers.
    testTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // More than `test/e2e/server.ts` gives a server to become ready.
    hookTimeout: 150_000,
  },
});
