/** Sentences of parts that belong to no page. */
import { registerTexts, type TextsOf } from '../i18n/texts';

export const en = {
  you: 'You',
  showPassword: 'Show what is typed',
  accountId: 'Account {{id}}. Press to copy its id.',
  copyAccountId: 'Copy the id of account {{end}}',
  trail: 'Where you are',
  downloaded: '{{size}} so far',
  stopDownload: 'Stop',
  downloadSaved: 'Saved as {{name}} ({{size}})',
  downloadBroken: 'The file ended before its end. What came of it was not saved.',
  timeParts: {
    auth: 'Authentication',
    quota: 'Plan',
    validate: 'Validation',
    infer: 'Model',
    record: 'Recording',
    rest: 'Other',
  },
};

const es: TextsOf<typeof en> = {
  you: 'Usted',
  showPassword: 'Mostrar lo escrito',
  accountId: 'Cuenta {{id}}. Pulse para copiar su identificador.',
  copyAccountId: 'Copiar el identificador de la cuenta {{end}}',
  trail: 'Dónde está usted',
  downloaded: '{{size}} hasta ahora',
  stopDownload: 'Detener',
  downloadSaved: 'Guardado como {{name}} ({{size}})',
  downloadBroken: 'El archivo se interrumpió antes de terminar. No se ha guardado lo recibido.',
  timeParts: {
    auth: 'Identificación',
    quota: 'Plan',
    validate: 'Validación',
    infer: 'Modelo',
    record: 'Registro',
    rest: 'Otros',
  },
};

registerTexts('parts', { en, es });

declare module '../i18n/texts' {
  interface TextsByNamespace {
    parts: typeof en;
  }
}
