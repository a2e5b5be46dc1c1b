import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '#inference';
import { thesisManifest } from '../../../../../test/setup/shock-thesis.js';
import { requireFit, shockAnswer } from './shock-answer.js';

const PROBABILITIES = { arresto_cardiaco: 0.1, bajo_gasto_cardiaco: 0.2, sano: 0.3, shock_cardiogenico: 0.4 };

describe('the older service’s answer', () => {
  it.each([
    ['arresto_cardiaco', 'Arresto_cardiaco'],
    ['bajo_gasto_cardiaco', 'Bajo_gasto_cardiaco'],
    ['sano', 'Sano'],
    ['Shock_Cardiogenico', 'Shock_cardiogenico'],
  ])('names the class %s %s, and every inference', (label, state) => {
    expect(shockAnswer(7, { label, probability: 0.4, probabilities: PROBABILITIES })).toEqual({
      idAtencion: 7,
      inferences: { Arresto_Cardiaco: 0.1, Bajo_Gasto_Cardiaco: 0.2, Sano: 0.3, Shock_Cardiogenico: 0.4 },
      State: state,
    });
  });

  it('takes the thesis’ classes in any letters', () => {
    const probabilities = { Arresto_Cardiaco: 1, Bajo_Gasto_Cardiaco: 0, Sano: 0, Shock_Cardiogenico: 0 };
    const { inferences } = shockAnswer(1, { label: 'Arresto_Cardiaco', probability: 1, probabilities });
    expect(inferences.Arresto_Cardiaco).toBe(1);
  });
});

describe('a version that this service can answer with', () => {
  const manifest = thesisManifest('haemodynamic-shock');
  const fits = (change: Partial<ModelManifest>) => () =>
    requireFit({ model: 'haemodynamic-shock', manifest: { ...manifest, ...change } });
  const [first, ...others] = manifest.output.classes!;

  it('tells the four states from observations', () => {
    expect(fits({})).not.toThrow();
  });

  it.each<[string, Partial<ModelManifest>]>([
    ['another class', { output: { classes: [{ name: 'paro', title: 'x' }, ...others] } }],
    ['a class less', { output: { classes: others } }],
    ['a class more', { output: { classes: [first!, ...others, { name: 'otro', title: 'x' }] } }],
    ['a number', { task: 'regression', output: {} }],
    ['scores', { output: { ...manifest.output, kind: 'decision' } }],
    ['no observations', { observations: undefined }],
    ['an age beside them', { inputs: [{ name: 'age', title: 'Age', type: 'integer' }] }],
  ])('is not one with %s', (_, change) => {
    expect(fits(change)).toThrow(expect.objectContaining({ name: 'LEGACY_MODEL_UNFIT' }));
  });
});
