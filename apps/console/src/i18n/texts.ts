/** The console's sentences, English and Spanish. Each feature registers its own; types keep the languages in step. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Filled in by each feature's `texts.ts`: its namespace and what is in it. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface TextsByNamespace {}

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: TextsByNamespace;
  }
}

/** The same keys, in another language. */
export type TextsOf<T> = { readonly [Key in keyof T]: T[Key] extends string ? string : TextsOf<T[Key]> };

interface Texts {
  readonly [key: string]: string | Texts;
}

const STORED_AS = 'latido.language';

function isLanguage(value: string | null): value is Language {
  return LANGUAGES.some((language) => language === value);
}

function preferredLanguage(): Language {
  const stored = localStorage.getItem(STORED_AS);
  if (isLanguage(stored)) return stored;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en';
}

/** Spanish has a plural of its own for whole millions ("un millón de filas"): here they read as any other. */
function withMillions(texts: Texts): Texts {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, value]) => {
      const own: [string, string | Texts] = [key, typeof value === 'string' ? value : withMillions(value)];
      return key.endsWith('_other') ? [own, [key.replace(/_other$/, '_many'), value]] : [own];
    }),
  );
}

/** Must have been called before a component asks for the namespace: a feature imports its `texts.ts` first. */
export function registerTexts<T extends Texts>(
  namespace: string,
  texts: { readonly en: T; readonly es: TextsOf<T> },
): void {
  i18next.addResourceBundle('en', namespace, texts.en);
  i18next.addResourceBundle('es', namespace, withMillions(texts.es));
}

export function changeLanguage(language: Language): void {
  localStorage.setItem(STORED_AS, language);
  void i18next.changeLanguage(language);
}

void i18next.use(initReactI18next).init({
  lng: preferredLanguage(),
  fallbackLng: 'en',
  supportedLngs: LANGUAGES,
  defaultNS: 'common',
  resources: {},
  // React escapes.
  interpolation: { escapeValue: false },
  // All texts come with the code that uses them.
  initAsync: false,
  react: { useSuspense: false },
  showSupportNotice: false,
});

const tellDocument = (language: string): void => void (document.documentElement.lang = language);
tellDocument(i18next.language);
i18next.on('languageChanged', tellDocument);
