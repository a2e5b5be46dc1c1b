import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { termsOf } from './clinical-terms';

const MODELS = join(import.meta.dirname, '../../../../models');
const [en, es] = [termsOf('en'), termsOf('es')];

interface Manifest {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputs?: readonly { readonly title: string; readonly description?: string; readonly unit?: string }[];
  readonly observations?: { readonly signals: readonly { readonly title: string; readonly description?: string }[] };
  readonly output: { readonly classes: readonly { readonly name: string; readonly title: string }[] };
}

const manifests = readdirSync(MODELS, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('manifest.yaml'))
  .map((name) => parse(readFileSync(join(MODELS, name), 'utf8')) as Manifest);

/** Words that are the same in both languages. */
const SAME = new Set(['Normal']);

describe('clinical terms', () => {
  it('names everything of the shipped models in Spanish', () => {
    expect(manifests.length).toBeGreaterThanOrEqual(6);
    const untranslated = manifests.flatMap((manifest) => {
      const said: [string, string | undefined][] = [
        [manifest.title, es.modelTitle(manifest)],
        [manifest.description, es.modelDescription(manifest)],
        ...(manifest.inputs ?? []).flatMap((input): [string, string | undefined][] => [
          [input.title, es.inputTitle(input)],
          ...(input.description ? [[input.description, es.inputDescription(input)] as [string, string]] : []),
        ]),
        ...(manifest.observations?.signals ?? []).flatMap((signal): [string, string | undefined][] => [
          [signal.title, es.signalTitle(signal)],
          ...(signal.description ? [[signal.description, es.signalDescription(signal)] as [string, string]] : []),
        ]),
        ...manifest.output.classes.map((one): [string, string] => [one.title, es.classTitle(manifest.name, one)]),
      ];
      return said.filter(([english, spanish]) => english === spanish && !SAME.has(english)).map(([english]) => english);
    });
    expect(untranslated).toEqual([]);
  });

  it('leaves English as the manifest has it', () => {
    for (const { inputs = [], observations, ...manifest } of manifests) {
      expect(en.modelTitle(manifest)).toBe(manifest.title);
      for (const input of inputs) expect(en.inputTitle(input)).toBe(input.title);
      for (const signal of observations?.signals ?? []) expect(en.signalTitle(signal)).toBe(signal.title);
    }
  });

  it('has the titles of the shipped classes where only their names are at hand', () => {
    for (const { name, title, output } of manifests) {
      expect(en.modelTitle(name)).toBe(title);
      for (const one of output.classes) expect(en.classTitle(name, one.name)).toBe(one.title);
    }
  });

  it('finds the name by the code where the words are others, by whichever code is known', () => {
    const codes = [
      { system: 'http://loinc.org', code: 'unknown' },
      { system: 'urn:iso:std:iso:11073:10101', code: '147842' },
    ];
    expect(es.signalTitle({ title: 'HR', codes })).toBe('Frecuencia cardíaca');
    expect(en.signalTitle({ title: 'HR', codes })).toBe('HR');
    expect(es.inputTitle({ title: 'Years', code: { system: 'http://loinc.org', code: '30525-0' } })).toBe('Edad');
  });

  it('calls examples after the class that is answered, where their maker has', () => {
    const shock = { title: 'Cardiogenic shock', label: 'shock_cardiogenico' };
    expect(es.exampleTitle('haemodynamic-shock', shock)).toBe('Shock cardiogénico');
    expect(es.exampleTitle('cardiac-risk', { title: 'Near the threshold', label: 'risk' })).toBe('Cerca del umbral');
    expect(es.exampleTitle('cardiac-risk', { title: 'Mr. Example', label: null })).toBe('Mr. Example');
    expect(en.exampleTitle('cardiac-risk', { title: 'At risk', label: 'risk' })).toBe('At risk');
  });

  it('shows the words of others as they are, whatever they are called', () => {
    expect(es.modelTitle('constructor')).toBe('constructor');
    expect(es.classTitle('constructor', 'toString')).toBe('toString');
    expect(es.classTitle('cardiac-risk', { name: 'risk', title: 'High' })).toBe('High');
    expect(es.inputTitle({ title: '__proto__' })).toBe('__proto__');
    expect(es.unitTitle('mmol/L')).toBe('mmol/L');
  });
});
