/**
 * Sessions of older services' clients, kept in test/golden/legacy as JSON: what the client sends, in order, and what it must be
 * answered. They are replayed against the adapter below its prefix, at the paths that the client knows.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { InjectOptions } from 'fastify';
import { expect } from 'vitest';
import type { Answer } from './accounts-server.js';

const FOLDER = resolve(import.meta.dirname, '../golden/legacy');

export interface SessionStep {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  /** At the root of the client's own server. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or the text of another media type, which `headers` then name. */
  readonly body?: unknown;
  /** Sent so many times; each must be answered as expected. */
  readonly repeat?: number;
  /** What later steps need of the answer: a name, and a JSON Pointer into the body. `{{name}}` in them is replaced by it. */
  readonly save?: Readonly<Record<string, string>>;
  readonly expect: {
    readonly status: number;
    /**
     * Part of the body. Names of types (`string`, `number`, `integer`, `boolean`, `object`, `array`, `any`) stand for any such value,
     * with `?` after them for null as well; everything else for itself. An object may have further members, which `absent` forbids;
     * `[shape, "..."]` is a list of any length. Left out: whatever the body is.
     */
    readonly shape?: unknown;
    /** As the shape of an object. */
    readonly headers?: Readonly<Record<string, unknown>>;
  };
}

interface Target {
  request(options: InjectOptions): Promise<Answer>;
}

/** @param name of a file in test/golden/legacy, without its ending */
export function recordedSession(name: string): SessionStep[] {
  return JSON.parse(readFileSync(resolve(FOLDER, `${name}.json`), 'utf8')) as SessionStep[];
}

/**
 * Sends the steps one after the other and expects each answer.
 * @param prefix such as `/legacy/cardiac`
 * @param values for `{{name}}` from the beginning, such as an API key
 */
export async function replaySession(
  target: Target,
  steps: readonly SessionStep[],
  prefix: string,
  values: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const saved = new Map(Object.entries(values));
  for (const step of steps) {
    const { method, path, headers, body } = filledIn(step, saved) as SessionStep;
    for (let time = 0; time < (step.repeat ?? 1); time += 1) {
      const answer = await target.request({
        method,
        url: `${prefix}${path}`,
        headers: { ...headers },
        payload: body as InjectOptions['payload'],
      });
      const { status, shape, headers: expected = {} } = filledIn(step.expect, saved) as SessionStep['expect'];
      expect(answer.status, `${step.name}: ${JSON.stringify(answer.body)}`).toBe(status);
      const faults = [
        ...(shape === undefined ? [] : mismatches(shape, answer.body, 'body')),
        ...mismatches(expected, answer.headers, 'headers'),
      ];
      expect(faults, step.name).toEqual([]);
      for (const [name, pointer] of Object.entries(step.save ?? {})) saved.set(name, valueAt(answer.body, pointer));
    }
  }
}

/** Where a value is not of the shape, and how. */
export function mismatches(shape: unknown, value: unknown, at: string): string[] {
  if (typeof shape === 'string' && shape in TYPES) return TYPES[shape]!(value) ? [] : [said(at, shape, value)];
  if (typeof shape === 'string' && shape.endsWith('?') && shape.slice(0, -1) in TYPES)
    return value === null ? [] : mismatches(shape.slice(0, -1), value, at);
  if (shape === 'absent') return value === undefined ? [] : [said(at, 'nothing', value)];
  if (Array.isArray(shape)) return mismatchesOfList(shape, value, at);
  if (typeof shape !== 'object' || shape === null)
    return shape === value ? [] : [said(at, JSON.stringify(shape), value)];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [said(at, 'object', value)];
  return Object.entries(shape).flatMap(([name, member]) =>
    mismatches(member, (value as Record<string, unknown>)[name], `${at}/${name}`),
  );
}

function mismatchesOfList(shape: readonly unknown[], value: unknown, at: string): string[] {
  if (!Array.isArray(value)) return [said(at, 'array', value)];
  const each = shape.length === 2 && shape[1] === '...';
  if (!each && value.length !== shape.length) return [`${at} has ${value.length} elements, not ${shape.length}`];
  return value.flatMap((element, index) => mismatches(each ? shape[0] : shape[index], element, `${at}/${index}`));
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: Array.isArray,
  any: (value) => value !== undefined,
};

function said(at: string, wanted: string, value: unknown): string {
  return `${at} is ${JSON.stringify(value)}, not ${wanted}`;
}

/** A text that is nothing but a name becomes the value itself, whatever its type. */
function filledIn(value: unknown, saved: ReadonlyMap<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((element) => filledIn(element, saved));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filledIn(member, saved)]));
  if (typeof value !== 'string') return value;
  const whole = /^\{\{(\w+)\}\}$/.exec(value)?.[1];
  if (whole !== undefined) return savedValue(whole, saved);
  return value.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(savedValue(name, saved)));
}

function savedValue(name: string, saved: ReadonlyMap<string, unknown>): unknown {
  if (saved.has(name)) return saved.get(name);
  throw new Error(`the session needs {{${name}}}, which no step before it has saved`);
}

/** RFC 6901. @throws where there is no such value: a later step would send something else than it means */
function valueAt(body: unknown, pointer: string): unknown {
  let value = body;
  for (const token of pointer.split('/').slice(1))
    value = (value as Record<string, unknown> | undefined)?.[token.replaceAll('~1', '/').replaceAll('~0', '~')];
  if (value === undefined) throw new Error(`the answer has no ${pointer} to save`);
  return value;
}
