import { describe, expect, it } from 'vitest';
import { lineOf, readManifest, withValue } from './manifest-text';

const TEXT = `# By hand.
name: ward-risk
title: Ward risk # as the ward calls it
inputs:
  - name: age
    title: Age
    range:
      minimum: 0
      maximum: 99
output: {}
`;

describe('A manifest’s text', () => {
  it('is read as names and values', () => {
    expect(readManifest(TEXT).manifest).toMatchObject({ name: 'ward-risk', inputs: [{ range: { maximum: 99 } }] });
  });

  it('that is no YAML is told by its line', () => {
    expect(readManifest('name: a\nversion: 1.0.0\nname: b\n').fault).toEqual({
      line: 3,
      detail: 'Map keys must be unique',
    });
  });

  it('that is a list, or nothing, is no manifest', () => {
    expect(readManifest('- a\n').fault).toEqual({ line: 1 });
    expect(readManifest('').fault).toEqual({ line: 1 });
  });

  it('keeps its comments and its order when a value is changed', () => {
    const changed = withValue(TEXT, ['title'], 'Risk on the ward');
    expect(changed).toBe(TEXT.replace('title: Ward risk', 'title: Risk on the ward'));
  });

  it('takes values into places that were not there', () => {
    const changed = withValue(TEXT, ['inputs', 0, 'unit'], 'a');
    expect(readManifest(changed).manifest).toMatchObject({ inputs: [{ name: 'age', unit: 'a' }] });
    const threshold = withValue(TEXT, ['output', 'threshold'], 0.3);
    expect(readManifest(threshold).manifest).toMatchObject({ output: { threshold: 0.3 } });
  });

  it('loses a range with the last of its bounds, and never the input', () => {
    const half = withValue(TEXT, ['inputs', 0, 'range', 'minimum'], undefined);
    expect(readManifest(half).manifest).toMatchObject({ inputs: [{ range: { maximum: 99 } }] });
    const none = withValue(half, ['inputs', 0, 'range', 'maximum'], undefined);
    expect(readManifest(none).manifest).toEqual({
      name: 'ward-risk',
      title: 'Ward risk',
      inputs: [{ name: 'age', title: 'Age' }],
      output: {},
    });
  });

  it('keeps the output though nothing is left in it', () => {
    const filled = withValue(TEXT, ['output', 'threshold'], 0.3);
    expect(readManifest(withValue(filled, ['output', 'threshold'], undefined)).manifest).toHaveProperty('output', {});
  });

  it('is pointed into by line, at the nearest place that is there', () => {
    expect(lineOf(TEXT, '/title')).toBe(3);
    expect(lineOf(TEXT, '/inputs/0/range/maximum')).toBe(9);
    expect(lineOf(TEXT, '/inputs/0/unit')).toBe(5);
    expect(lineOf(TEXT, '/version')).toBe(1);
  });
});
