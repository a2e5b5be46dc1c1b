/** The committed document, which the drift check holds against the code: what clients are generated from. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OpenAPIObject } from './openapi.js';

interface Described {
  summary?: string;
  security?: object[];
  requestBody?: { content: Record<string, { schema?: object }> };
  parameters?: { name: string; in: string; schema?: object }[];
  responses: Record<
    string,
    { $ref?: string; description?: string; content?: Record<string, { schema?: { $ref?: string } }> }
  >;
}

const document = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../openapi.json'), 'utf8'),
) as OpenAPIObject;
const schemas = document.components?.schemas as Record<string, { properties?: Record<string, object> }>;
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item as Record<string, Described>).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    operation,
  })),
);

/** Every object of the document with the JSON Pointer to it. */
function* objects(value: unknown, pointer = ''): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [pointer, value as Record<string, unknown>];
  for (const [key, child] of Object.entries(value)) yield* objects(child, `${pointer}/${key}`);
}

function successOf({ responses }: Described) {
  return Object.entries(responses).find(([status]) => status.startsWith('2'));
}

/** Names of the properties of a schema, or of the one it refers to. */
function propertiesOf(schema: { $ref?: string; properties?: Record<string, object> } | undefined): string[] {
  return Object.keys((schema?.$ref ? schemas[schema.$ref.split('/').at(-1)!] : schema)?.properties ?? {});
}

describe('every route of the document', () => {
  it.each(operations)('$name has one line of summary and says what it answers', ({ name, operation }) => {
    expect(operation.summary).toMatch(/^[A-Z].{2,}[^.]$/);
    const [status, success] = successOf(operation) ?? [];
    const withoutBody = ['204', 'POST /v1/auth/revoke'].some((exception) => exception === status || exception === name);
    expect(success?.content !== undefined || withoutBody, 'a schema of the answer').toBe(true);
    for (const { schema } of Object.values(operation.requestBody?.content ?? {})) expect(schema).toBeDefined();
  });

  it.each(operations)('$name refuses in the one shape there is', ({ name, operation }) => {
    expect(operation.responses).toHaveProperty('default');
    expect('401' in operation.responses).toBe(operation.security!.length > 0);
    for (const [status, { $ref, content }] of Object.entries(operation.responses)) {
      if (/^[23]|503/.test(status) || $ref) continue;
      const type = name.includes('/v1/auth/') ? 'application/json' : 'application/problem+json'; // OAuth has a shape of its own
      expect(Object.keys(content ?? {}), status).toEqual([type]);
    }
  });

  it.each(operations)('$name takes `limit` and `cursor` if it answers a page', ({ operation }) => {
    const [, success] = successOf(operation)!;
    const pages = propertiesOf(success.content?.['application/json']?.schema).includes('nextCursor');
    const taken = [
      ...(operation.parameters ?? []).map(({ name }) => name),
      ...propertiesOf(operation.requestBody?.content['application/json']?.schema),
    ];
    expect(taken.includes('cursor') && taken.includes('limit')).toBe(pages);
  });
});

it('is OpenAPI 3.1: nothing is `nullable`, `required` is a list in schemas, and every reference leads somewhere', () => {
  for (const [pointer, object] of objects(document)) {
    if (pointer.includes('/example')) continue;
    expect(object, pointer).not.toHaveProperty('nullable');
    if (/\/(schema|schemas\/[^/]+|items|properties\/[^/]+)$/.test(pointer) && 'required' in object)
      expect(object.required, pointer).toBeInstanceOf(Array);
    if (typeof object.$ref !== 'string') continue;
    const target = object.$ref
      .slice(2)
      .split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
    expect(target, `${pointer} refers to ${object.$ref}`).toBeDefined();
  }
});
