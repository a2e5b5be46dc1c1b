import { describe, expect, it } from 'vitest';
import { chosenPair } from './pair';

const version = (name: string, active = false, status: 'verified' | 'rejected' = 'verified') => ({
  version: name,
  active,
  status,
});
const versions = [version('1.3.0', false, 'rejected'), version('1.2.0'), version('1.1.0', true), version('1.0.0')];

describe('the versions that are compared', () => {
  it('are the live one and the newest other that serves', () => {
    expect(chosenPair(versions, {})).toEqual({ a: '1.1.0', b: '1.2.0' });
  });

  it('are the ones that the address names', () => {
    expect(chosenPair(versions, { a: '1.0.0', b: '1.3.0' })).toEqual({ a: '1.0.0', b: '1.3.0' });
    expect(chosenPair(versions, { b: '1.0.0' })).toEqual({ a: '1.1.0', b: '1.0.0' });
    expect(chosenPair(versions, { a: '1.2.0' })).toEqual({ a: '1.2.0', b: '1.1.0' });
  });

  it('are never twice the same where only one is named', () => {
    expect(chosenPair(versions, { b: '1.1.0' })).toEqual({ a: '1.2.0', b: '1.1.0' });
  });

  it('are the two newest where none is live', () => {
    expect(chosenPair([version('2.0.0'), version('1.0.0')], {})).toEqual({ a: '2.0.0', b: '1.0.0' });
  });

  it('are none where there is one version', () => {
    expect(chosenPair([version('1.0.0', true)], {})).toBeUndefined();
    expect(chosenPair([], {})).toBeUndefined();
  });
});
