import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '#inference';
import { thesisManifest } from '../../../test/setup/shock-thesis.js';
import { tinyManifest } from '../../../test/setup/version-folder.js';
import { comparisonView, versionView } from './model-views.js';
import type { VersionRecord } from './storage/model.repository.js';

function versionOf(manifest: ModelManifest): VersionRecord {
  return {
    id: manifest.version,
    modelName: manifest.name,
    version: manifest.version,
    status: 'verified',
    rejection: null,
    manifest,
    verifications: [],
    artifactSha256: '0',
    contentSha256: '0',
    createdBy: null,
    artifactBytes: 1,
    hasEvaluation: false,
    lastActivatedAt: null,
    lastCanaryAt: null,
    retirement: null,
    hotFolder: null,
    createdAt: new Date(0),
  };
}

const shock = thesisManifest('shock');
const compared = (other: ModelManifest) => comparisonView(versionOf(shock), versionOf(other), null);

describe('two versions that take observations', () => {
  it('are interchangeable where a client need not know which one answers', () => {
    const [window, select] = shock.features as NonNullable<ModelManifest['features']> & readonly object[];
    const scaled = {
      ...shock,
      features: [window, select, { standardize: { columns: { temperature: { mean: 37, deviation: 1 } } } }],
    } as ModelManifest;
    expect(compared(scaled)).toMatchObject({ interchangeable: true, inputs: { added: [], removed: [], changed: [] } });
  });

  it.each<[string, ModelManifest, object]>([
    ['another window', thesisManifest('shock', { window: { samples: 30 } }), { changed: ['observations'] }],
    ['other signals refused', thesisManifest('shock', { otherSignals: 'refuse' }), { changed: ['observations'] }],
    [
      'a signal in another unit',
      {
        ...shock,
        observations: {
          ...shock.observations,
          signals: (shock.observations?.signals ?? []).map((signal) =>
            signal.name === 'temperature' ? { ...signal, unit: '[degF]', ucum: '[degF]' } : signal,
          ),
        },
      } as ModelManifest,
      { changed: ['temperature'] },
    ],
    [
      'one signal less',
      { ...shock, observations: { ...shock.observations, signals: shock.observations?.signals.slice(1) ?? [] } },
      { removed: ['perfusionIndex'] },
    ],
  ])('are not with %s', (_, other, inputs) => {
    expect(compared(other)).toMatchObject({ interchangeable: false, inputs });
  });
});

describe('what a version takes', () => {
  it('is shown with its signals, the rules that hold where the manifest says none, and its steps', () => {
    const { observations, features, inputs } = versionView(versionOf(thesisManifest('shock')), null);
    expect(inputs).toEqual([]);
    expect(observations).toMatchObject({ otherSignals: 'timestep', maximum: 10_000 });
    expect(observations?.signals).toHaveLength(9);
    expect(features).toEqual(shock.features);
    expect(versionView(versionOf(tinyManifest('tiny', '1.0.0')), null)).toMatchObject({
      observations: null,
      features: [],
    });
  });
});
