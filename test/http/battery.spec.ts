/** The HTTP battery: that its files are those of its source, that it leaves no route out, and that VS Code's files run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD, Server } from '../e2e/server.js';
import { batteryFiles, FOLDERS, topics } from './generate.mjs';
import { HttpFile } from './rest-client.js';
import { routeOf, unsentRoutes } from './routes.mjs';

const root = resolve(import.meta.dirname, '../..');

/** Routes that the battery leaves out, and why. */
const LEFT_OUT: Record<string, string> = {};
/** Paths that the document does not describe. */
const UNDESCRIBED = new Set(['/openapi.json', '/metrics', '/v1/nothing']);
/** What whoever runs it fills in. */
const ENVIRONMENT = ['baseUrl', 'adminName', 'adminPassword'];

const document = JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8')) as { paths: Record<string, object> };

describe('the battery', () => {
  it('has its files as the generator makes them, and no others', () => {
    const files = batteryFiles();
    for (const [path, text] of Object.entries(files)) expect(readFileSync(join(root, path), 'utf8'), path).toBe(text);
    const there = FOLDERS.flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`));
    expect(there.filter((path) => !path.endsWith('.private.env.json')).sort()).toEqual(Object.keys(files).sort());
  });

  it('sends every route of the document, or says why not', () => {
    expect(unsentRoutes(document, topics).sort()).toEqual(Object.keys(LEFT_OUT).sort());
    const unknown = topics.flatMap(({ steps }) => steps.filter((step) => routeOf(step, document) === undefined));
    // Older services are described by a server that has them: `npm run test:http -- --complete` compares those.
    const described = unknown.map(({ path }) => path).filter((path) => !path.startsWith('/legacy/'));
    expect(described.filter((path) => !UNDESCRIBED.has(path))).toEqual([]);
  });

  it('has every topic stand by itself: a step takes only what an earlier one of its topic made', () => {
    for (const topic of topics) {
      const known = new Set(ENVIRONMENT);
      for (const step of topic.steps) {
        for (const name of Object.keys(step.make ?? {})) known.add(name);
        const used = [...JSON.stringify(step).matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!);
        if (step.as) used.push(`${step.as}Token`);
        expect(
          used.filter((name) => !known.has(name)),
          `${topic.id}: ${step.name}`,
        ).toEqual([]);
        for (const name of Object.keys(step.keep ?? {})) {
          expect(known.has(name), `${topic.id}: ${name} is kept twice`).toBe(false);
          known.add(name);
        }
      }
    }
  });

  it('holds no password', () => {
    for (const [path, text] of Object.entries(batteryFiles()))
      for (const [, value] of text.matchAll(/[pP]assword\\?"\s*:\s*\\?"([^"\\]*)/g))
        expect(value, path).toMatch(/^(\{\{.+\}\}|.*not the password|short|)$/);
  });
});

describe('the files for VS Code', () => {
  const server = new Server();
  beforeAll(() => server.start().then(() => undefined));
  afterAll(() => server.remove());

  it.each(['accounts', 'errors', 'files', 'record', 'registry'])(
    '%s.http answers what it says',
    { timeout: 120_000 },
    async (topic) => {
      const given = { baseUrl: server.url, adminPassword: ADMIN_PASSWORD };
      const file = new HttpFile(join(root, `test/http/vscode/${topic}.http`), given);
      expect(file.requests.length).toBeGreaterThan(5);
      for (const request of file.requests)
        for (let time = 0; time < request.times; time += 1) {
          const { status, body } = await file.send(request);
          expect(request.statuses, `${request.title}: ${status} ${body.slice(0, 300)}`).toContain(status);
        }
    },
  );
});
