/**
 * Tells whether two requests under one Idempotency-Key ask for the same: by what they mean, not by how their JSON was
 * written.
 */
import { createHash } from 'node:crypto';

/** Deeper than any model's rows. */
const MAX_DEPTH = 32;

class TooDeep extends Error {}

/**
 * JSON with sorted property names and no white space. Numbers that JSON cannot write (1e999 was read as Infinity) stay
 * apart.
 */
function canonical(value: unknown, depth: number): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth >= MAX_DEPTH) throw new TooDeep();
  if (Array.isArray(value)) return `[${value.map((entry) => canonical(entry, depth + 1)).join(',')}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(fields).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(fields[name], depth + 1)}`).join(',')}}`;
}

/**
 * SHA-256 (hex) over the model's name and the values of the body. The order of properties, white space and the spelling
 * of a number (`1`, `1.0`) do not matter. Undefined when the body nests deeper than any valid one: it will be refused.
 */
export function fingerprint(model: string, body: unknown): string | undefined {
  try {
    return createHash('sha256')
      .update(canonical([model, body], 0))
      .digest('hex');
  } catch (error) {
    if (error instanceof TooDeep) return undefined;
    throw error;
  }
}
