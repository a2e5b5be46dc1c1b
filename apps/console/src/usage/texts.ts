import { registerTexts, type TextsOf } from '../i18n/texts';

export const en = {
  title: 'Requests per day, UTC',
  predictions: 'Predicted',
  refusals: 'Refused by the limit',
  others: 'Without a prediction',
  requests: 'Requests',
  othersHint: 'Invalid input, replays, errors',
  lastDays_one: 'today',
  lastDays_other: 'in the last {{count}} days',
  summary:
    'Bars per UTC day from {{from}} to {{to}}: {{requests}} requests, {{predictions}} predicted, {{refusals}} refused by the limit.',
  none: 'No request in these days.',
  days: 'Days',
  daysOption_one: '{{count}} day',
  daysOption_other: '{{count}} days',
};

const es: TextsOf<typeof en> = {
  title: 'Peticiones por día, UTC',
  predictions: 'Con predicción',
  refusals: 'Rechazadas por el límite',
  others: 'Sin predicción',
  requests: 'Peticiones',
  othersHint: 'Datos no válidos, repeticiones, fallos',
  lastDays_one: 'hoy',
  lastDays_other: 'en los últimos {{count}} días',
  summary:
    'Barras por día UTC del {{from}} al {{to}}: {{requests}} peticiones, {{predictions}} con predicción, {{refusals}} rechazadas por el límite.',
  none: 'Ninguna petición en estos días.',
  days: 'Días',
  daysOption_one: '{{count}} día',
  daysOption_other: '{{count}} días',
};

registerTexts('usage', { en, es });

declare module '../i18n/texts' {
  interface TextsByNamespace {
    usage: typeof en;
  }
}
