import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import swc from 'unplugin-swc';
import { configDefaults, defineConfig, type ViteUserConfig } from 'vitest/config';
import type { InlineConfig } from 'vitest/node';

/** The console in Chromium, all on one server. */
const IN_BROWSER = 'test/console/**/*.spec.ts';

/** What moves the clock or replaces modules would do so for the files that run after it in the same process. */
const isolated = ['libs', 'apps'].flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.spec.ts'))
    .map((name) => `${folder}/${name}`)
    .filter((file) => !file.startsWith('apps/console/'))
    .filter((file) =>
      /\bvi\.(mock|useFakeTimers|stubEnv|stubGlobal)\(/.test(readFileSync(join(import.meta.dirname, file), 'utf8')),
    ),
);

const sources: Pick<ViteUserConfig, 'plugins' | 'oxc' | 'resolve'> = {
  plugins: [swc.vite()],
  oxc: false,
  // Subpath imports resolve to dist/ outside of TypeScript's `source` condition: tests run the sources.
  resolve: { alias: [{ find: /^#([a-z-]+)$/, replacement: `${import.meta.dirname}/libs/$1/src/index.ts` }] },
};
const common: InlineConfig = {
  pool: 'forks',
  // For two processors: end-to-end tests wait for processes of their own a fifth of the time.
  maxWorkers: 3,
  // A test of the command line starts three servers one after the other, beside two other workers.
  testTimeout: 120_000,
  expect: { poll: { timeout: 60_000 } },
  // More than `test/e2e/server.ts` gives a server to become ready.
  hookTimeout: 150_000,
};

export default defineConfig({
  test: {
    // Once for the whole run; what they provide is each project's as well.
    globalSetup: ['test/setup/build.ts', 'test/setup/postgres.ts'],
    projects: [
      { ...sources, test: { ...common, name: 'isolated', include: isolated } },
      {
        ...sources,
        test: { ...common, name: 'libs', include: ['libs/**/*.spec.ts'], exclude: isolated, isolate: false },
      },
      {
        ...sources,
        test: {
          ...common,
          name: 'whole',
          include: ['apps/{api,cli,worker}/**/*.spec.ts', 'test/**/*.spec.ts'],
          exclude: [...configDefaults.exclude, ...isolated, IN_BROWSER],
          isolate: false,
        },
      },
      {
        // As its own build does it: without decorators, with JSX, by the client's sources.
        resolve: { alias: { '@latido/client': `${import.meta.dirname}/clients/typescript/src/index.ts` } },
        test: { ...common, name: 'console', include: ['apps/console/src/**/*.spec.{ts,tsx}'] },
      },
      {
        ...sources,
        test: {
          ...common,
          name: 'browser',
          include: [IN_BROWSER],
          globalSetup: ['test/console/setup.ts'],
          isolate: false,
        },
      },
    ],
  },
});
