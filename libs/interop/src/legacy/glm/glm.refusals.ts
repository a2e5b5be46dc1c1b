/** How the older service refuses: `{"error": "…"}`, and 400 for whatever is wrong with the file. */
import { platformErrors, pointerName, RefusesWith, type FieldError } from '#platform';
import { predictionErrors } from '#predictions';
import { LegacyErrorFilter, type Refusal, type ShapedRefusal } from '../shared/refusal.js';

export const NO_FILE_PART = 'No file part';
export const NO_SELECTED_FILE = 'No selected file';

/** Columns that one answer names. */
const MOST_NAMED = 20;

export function glmRefusal({ status, code, detail, errors }: Refusal): ShapedRefusal {
  switch (code) {
    // What is no form has no file either, to Flask.
    case platformErrors.UNSUPPORTED_MEDIA_TYPE.code:
      return { status: 400, body: { error: NO_FILE_PART } };
    case predictionErrors.FILE_INVALID.code:
      return { status: 400, body: { error: [detail, ...columnsAtFault(errors)].join(' ') } };
    default:
      return { status, body: { error: detail } };
  }
}

function columnsAtFault(errors: readonly FieldError[]): string[] {
  const named = errors.slice(0, MOST_NAMED).map(({ pointer, detail }) => {
    const column = pointerName(pointer.slice(1));
    return `The column ${column} ${detail}.`;
  });
  return errors.length > MOST_NAMED ? [...named, `${errors.length - MOST_NAMED} more are at fault.`] : named;
}

const errorFilter = new LegacyErrorFilter(glmRefusal);

/** The route refuses as the older service does. */
export function RefusesAsGlm(): MethodDecorator {
  return RefusesWith(errorFilter);
}
