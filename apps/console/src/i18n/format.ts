/** Numbers, dates and sizes as people of the chosen language write them. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

const MINUTE_MS = 60_000;
const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 24 * 60 * MINUTE_MS],
  ['hour', 60 * MINUTE_MS],
  ['minute', MINUTE_MS],
  ['second', 1000],
];
const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

const SUPERSCRIPTS: Readonly<Record<string, string>> = { '-': '⁻', ...Object.fromEntries([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].entries()) };

function superscript(whole: number): string {
  return [...String(whole)].map((sign) => SUPERSCRIPTS[sign]).join('');
}

/** The browser's own variant of the language, so that a British day comes before its month. */
function localeOf(language: string): string {
  return navigator.languages.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language;
}

/** @param language a language tag; one with a region decides how days are written */
export function formatsOf(language: string) {
  const dateTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  // Days of usage and traffic are UTC days: in another zone they would show as the day before.
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
  const shortDay = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' });
  const shortUtcDay = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const minute = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const number = (value: number, digits = 2): string =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  const unit = (value: number, name: string, digits = 1): string =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: digits,
    }).format(value);

  return {
    /** At most so many decimals. */
    number,
    /** Always so many decimals: columns line up. */
    fixed: (value: number, digits: number): string =>
      new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value),
    /** Differences: with their sign, always so many decimals. */
    signed: (value: number, digits: number): string =>
      new Intl.NumberFormat(language, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        signDisplay: 'exceptZero',
      }).format(value),
    /** Very small numbers, by two digits and a power of ten: 6.0 × 10⁻⁸. */
    scientific: (value: number): string => {
      if (value === 0) return '0';
      const exponent = Math.floor(Math.log10(Math.abs(value)));
      const digits = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
      return `${digits.format(value / 10 ** exponent)} × 10${superscript(exponent)}`;
    },
    /** @param share 0 to 1 */
    percent: (share: number, digits = 1): string =>
      new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: digits }).format(share),
    /** Large counts in short: 12K, 12 mil. */
    compact: (value: number): string =>
      new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value),
    dateTime: (instant: string | Date): string => dateTime.format(new Date(instant)),
    date: (instant: string | Date): string => date.format(new Date(instant)),
    /** Of a UTC day, `2026-11-30`. */
    day: (day_: string): string => day.format(new Date(`${day_.slice(0, 10)}T00:00:00Z`)),
    time: (instant: string | Date): string => time.format(new Date(instant)),
    /** Of a chart's axis: 30 Nov. */
    shortDay: (instant: Date): string => shortDay.format(instant),
    /** As `shortDay`, of a midnight that begins a UTC day. */
    shortUtcDay: (midnight: Date): string => shortUtcDay.format(midnight),
    /** 14:05 */
    minute: (instant: Date): string => minute.format(instant),
    /** "3 minutes ago" */
    ago: (instant: string | Date, nowMs = Date.now()): string => {
      const difference = new Date(instant).getTime() - nowMs;
      const [name, size] = STEPS.find(([, ms]) => Math.abs(difference) >= ms) ?? STEPS[3]!;
      return relative.format(Math.round(difference / size), name);
    },
    bytes: (bytes: number): string => {
      const step = Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
      // In English the short form of its unit is the word, without a plural.
      return step === 0 ? `${number(bytes, 0)} B` : unit(bytes / 1000 ** step, BYTE_UNITS[step]!);
    },
    /** Three significant digits, in the unit that suits. */
    milliseconds: (ms: number): string =>
      ms >= 1000
        ? unit(ms / 1000, 'second', 2)
        : `${new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(ms)} ms`,
    /** The two largest units: 3 days 4 hr, 18 min. */
    span: (seconds: number): string => {
      const minutes = Math.floor(seconds / 60);
      const parts = (
        [
          [Math.floor(minutes / 1440), 'day'],
          [Math.floor(minutes / 60) % 24, 'hour'],
          [minutes % 60, 'minute'],
        ] as const
      ).filter(([count]) => count > 0);
      return parts.length === 0
        ? unit(Math.floor(seconds), 'second', 0)
        : parts
            .slice(0, 2)
            .map(([count, name]) => unit(count, name, 0))
            .join(' ');
    },
    seconds: (seconds: number): string =>
      seconds >= 90 ? unit(Math.round(seconds / 60), 'minute', 0) : unit(Math.ceil(seconds), 'second', 0),
    list: (items: readonly string[]): string => new Intl.ListFormat(language).format(items),
  };
}

export type Formats = ReturnType<typeof formatsOf>;

export function useFormat(): Formats {
  const { i18n } = useTranslation();
  return useMemo(() => formatsOf(localeOf(i18n.language)), [i18n.language]);
}
