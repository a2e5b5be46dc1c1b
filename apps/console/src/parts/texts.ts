/** Sentences of parts that belong to no page. */
import { registerTexts, type TextsOf } from '../i18n/texts';

export const en = {
  you: 'You',
  downloaded: '{{size}} so far',
  stopDownload: 'Stop',
  downloadSaved: 'Saved as {{name}} ({{size}})',
  downloadBroken: 'The file ended before its end. What came of it was not saved.',
};

const es: TextsOf<typeof en> = {
  you: 'Usted',
  downloaded: '{{size}} hasta ahora',
  stopDownload: 'Detener',
  downloadSaved: 'Guardado como {{name}} ({{size}})',
  downloadBroken: 'El archivo se interrumpió antes de terminar. No se ha guardado lo recibido.',
};

registerTexts('parts', { en, es });

declare module '../i18n/texts' {
  interface TextsByNamespace {
    parts: typeof en;
  }
}
