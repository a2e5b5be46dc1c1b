import { describe, expect, it } from 'vitest';
import { layerDefinitions } from './registry.js';

describe('the registry of layers', () => {
  it('knows every class name once', () => {
    const names = layerDefinitions.flatMap(({ classNames }) => classNames);
    expect(names.length).toBeGreaterThan(150);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
