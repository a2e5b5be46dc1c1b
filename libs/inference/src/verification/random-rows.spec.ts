import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ModelManifest } from '../manifest.js';
import { drawRows } from './random-rows.js';

const folder = join(import.meta.dirname, '../../../../models/cardiac-risk/1.0.0');
const manifest = parse(readFileSync(join(folder, 'manifest.yaml'), 'utf8')) as ModelManifest;

describe('random rows', () => {
  it('are the same for the same seed and lie within what the manifest allows', () => {
    const rows = drawRows(manifest, 500, 1);
    expect(rows).toEqual(drawRows(manifest, 500, 1));
    expect(rows).not.toEqual(drawRows(manifest, 500, 2));
    for (const { name, type, range, values } of manifest.inputs) {
      const drawn = rows.map((row) => row[name] as number);
      if (range) expect(Math.min(...drawn)).toBeGreaterThanOrEqual(range.minimum);
      if (range) expect(Math.max(...drawn)).toBeLessThanOrEqual(range.maximum);
      if (type === 'integer') expect(drawn.every(Number.isInteger)).toBe(true);
      if (values) expect(new Set(drawn)).toEqual(new Set(values.map(({ value }) => value)));
    }
  });
});
