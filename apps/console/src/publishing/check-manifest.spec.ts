import { describe, expect, it } from 'vitest';
import { checkManifest } from './check-manifest';

const SOUND = {
  name: 'ward-risk',
  version: '1.1.0',
  title: 'Ward risk',
  inputs: [{ name: 'age', title: 'Age', range: { minimum: 0, maximum: 99 } }],
  output: { threshold: 0.4 },
};

describe('A manifest that is checked before it is sent', () => {
  it('has nothing to be said of it', () => {
    expect(checkManifest(SOUND, ['1.0.0'])).toEqual([]);
  });

  it.each([
    ['a name with a space', { ...SOUND, name: 'Ward risk' }, '/name', 'name'],
    ['no title', { ...SOUND, title: ' ' }, '/title', 'missing'],
    ['a version of two numbers', { ...SOUND, version: '1.1' }, '/version', 'version'],
    ['a version that is there', { ...SOUND, version: '1.0.0' }, '/version', 'versionTaken'],
    ['a threshold of 1', { ...SOUND, output: { threshold: 1 } }, '/output/threshold', 'threshold'],
    [
      'a range from more to less',
      { ...SOUND, inputs: [{ title: 'Age', range: { minimum: 5, maximum: 1 } }] },
      '/inputs/0/range/maximum',
      'rangeOrder',
    ],
    [
      'half a range',
      { ...SOUND, observations: { signals: [{ title: 'Pulse', range: { minimum: 5 } }] } },
      '/observations/signals/0/range/maximum',
      'rangeHalf',
    ],
    [
      'a bound in words',
      { ...SOUND, inputs: [{ title: 'Age', range: { minimum: 'none', maximum: 1 } }] },
      '/inputs/0/range/minimum',
      'number',
    ],
  ])('is told of %s', (_, manifest, pointer, fault) => {
    expect(checkManifest(manifest, ['1.0.0'])).toEqual([{ pointer, fault }]);
  });

  it('may be anything at all', () => {
    expect(checkManifest({ inputs: 'none', output: null }, []).map(({ pointer }) => pointer)).toEqual([
      '/name',
      '/version',
      '/title',
    ]);
  });
});
