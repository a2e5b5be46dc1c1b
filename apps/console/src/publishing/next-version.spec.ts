import { describe, expect, it } from 'vitest';
import { nextVersion } from './next-version';

describe('The version that is proposed', () => {
  it('is the next minor one of the highest, in whatever order they come', () => {
    expect(nextVersion(['1.2.0', '1.10.3', '1.9.0'])).toBe('1.11.0');
    expect(nextVersion(['2.0.0-rc.1', '1.4.0'])).toBe('2.1.0');
  });

  it('is the first of a new model', () => {
    expect(nextVersion([])).toBe('1.0.0');
  });
});
