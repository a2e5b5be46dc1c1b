/** Names of models, inputs, signals and classes in the reader's language: of shipped ones from here, of others as their makers wrote them. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api/latido';
import type { Language } from './texts';
import { TITLES_BY_CODE, WORDS } from './spanish-terms';

type Code = Schemas['CodeDto'];

interface Coded {
  readonly title: string;
  readonly code?: Code;
  readonly codes?: readonly Code[];
}

/** Titles where only a name is at hand, as in lists of predictions. */
type ByLanguage = Readonly<Record<Language, string>>;

const MODELS: Readonly<Record<string, ByLanguage>> = {
  'cardiac-risk': { en: 'Cardiac risk', es: 'Riesgo cardíaco' },
  'haemodynamic-shock': { en: 'Haemodynamic shock', es: 'Shock hemodinámico' },
  penguins: { en: 'Penguin species', es: 'Especie de pingüino' },
  'vertebral-column': { en: 'Vertebral column', es: 'Columna vertebral' },
};

/** By model, then by the class's name: `risk` or `NO` mean something else elsewhere. */
const CLASSES: Readonly<Record<string, Readonly<Record<string, ByLanguage>>>> = {
  'cardiac-risk': {
    'no-risk': { en: 'No cardiac risk', es: 'Sin riesgo cardíaco' },
    risk: { en: 'Cardiac risk', es: 'Riesgo cardíaco' },
  },
  'haemodynamic-shock': {
    arresto_cardiaco: { en: 'Cardiac arrest', es: 'Parada cardíaca' },
    bajo_gasto_cardiaco: { en: 'Low cardiac output', es: 'Bajo gasto cardíaco' },
    sano: { en: 'Healthy', es: 'Sano' },
    shock_cardiogenico: { en: 'Cardiogenic shock', es: 'Shock cardiogénico' },
  },
  penguins: {
    Adelie: { en: 'Adélie', es: 'Adelia' },
    Chinstrap: { en: 'Chinstrap', es: 'Barbijo' },
    Gentoo: { en: 'Gentoo', es: 'Papúa' },
  },
  'vertebral-column': {
    DH: { en: 'Disk hernia', es: 'Hernia discal' },
    NO: { en: 'Normal', es: 'Normal' },
    SL: { en: 'Spondylolisthesis', es: 'Espondilolistesis' },
  },
};

export interface ClinicalTerms {
  /** @param model its name, or what the API says of it */
  modelTitle(model: string | { readonly title: string }): string;
  modelDescription(model: { readonly description?: string | null }): string | undefined;
  inputTitle(input: Coded): string;
  inputDescription(input: { readonly description?: string }): string | undefined;
  signalTitle(signal: Coded): string;
  signalDescription(signal: { readonly description?: string }): string | undefined;
  /**
   * @param model its name
   * @param modelClass the class's name, or what the API says of it
   */
  classTitle(model: string, modelClass: string | { readonly name: string; readonly title: string }): string;
  /** @param model its name; many examples are called after the class that is answered */
  exampleTitle(model: string, example: { readonly title: string; readonly label: string | null }): string;
  /** Of one of the values that an input allows. */
  valueTitle(value: { readonly title: string }): string;
  /** As people read it: `years`. */
  unitTitle(unit: string): string;
  /** Of a data set of an evaluation. */
  datasetTitle(dataset: { readonly title: string }): string;
}

/** A name that somebody else gave is no property that objects have anyway. */
function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}

export function termsOf(language: Language): ClinicalTerms {
  const spanish = language === 'es';
  const words = (text: string): string => (spanish ? own(WORDS, text) : undefined) ?? text;
  const wordsIfAny = (text: string | null | undefined): string | undefined => (text ? words(text) : undefined);
  // Its own words first: a title may say more than its code does.
  const coded = ({ title, code, codes = code ? [code] : [] }: Coded): string => {
    if (!spanish) return title;
    const byCode = codes.map((one) => own(TITLES_BY_CODE, `${one.system}|${one.code}`));
    return own(WORDS, title) ?? byCode.find((found) => found !== undefined) ?? title;
  };

  const classTitle: ClinicalTerms['classTitle'] = (model, modelClass) => {
    const known = own(own(CLASSES, model), typeof modelClass === 'string' ? modelClass : modelClass.name);
    if (typeof modelClass === 'string') return known?.[language] ?? modelClass;
    // Only while it means the same: a later version may have given the name another title.
    return spanish && known?.en === modelClass.title ? known.es : modelClass.title;
  };

  return {
    modelTitle: (model) => (typeof model === 'string' ? (own(MODELS, model)?.[language] ?? model) : words(model.title)),
    modelDescription: ({ description }) => wordsIfAny(description),
    inputTitle: coded,
    inputDescription: ({ description }) => wordsIfAny(description),
    signalTitle: coded,
    signalDescription: ({ description }) => wordsIfAny(description),
    classTitle,
    exampleTitle: (model, { title, label }) =>
      own(WORDS, title) === undefined && label !== null ? classTitle(model, { name: label, title }) : words(title),
    valueTitle: ({ title }) => words(title),
    unitTitle: words,
    datasetTitle: ({ title }) => words(title),
  };
}

export function useTerms(): ClinicalTerms {
  const { i18n } = useTranslation();
  return useMemo(() => termsOf(i18n.language === 'es' ? 'es' : 'en'), [i18n.language]);
}
