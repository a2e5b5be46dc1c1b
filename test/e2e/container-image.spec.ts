/** What the Dockerfile takes for granted about the built project; the image itself is built by whoever has Docker. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const dockerfile = readFileSync(join(root, 'docker/Dockerfile'), 'utf8');

it('copies what is there', () => {
  const copied = [...dockerfile.matchAll(/^COPY --from=build \/app\/(\S+)/gm)].map(([, path]) => path!);
  expect(copied.length).toBeGreaterThan(0);
  expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it('runs code and starts a file that the build makes', () => {
  const code = /^RUN node -e "([^"]+)"/m.exec(dockerfile)?.[1];
  expect(code).toBeDefined();
  expect(execFileSync(process.execPath, ['-e', code!], { cwd: root, encoding: 'utf8' })).toBe('');
  const command = JSON.parse(/^CMD (\[.+\])$/m.exec(dockerfile)![1]!) as string[];
  expect(existsSync(join(root, command.at(-1)!))).toBe(true);
});
