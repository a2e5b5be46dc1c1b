/** How services made with FastAPI refuse: `{"detail": "…"}`, and `{"detail": [{"loc", "msg", "type"}]}` with 422 where values are at fault. */
import { pointerName, type FieldError } from '#platform';
import type { Refusal, ShapedRefusal } from './refusal.js';

/** A fault in pydantic's own words, for services whose clients look at them: `detail` is its message. */
export interface FastApiFieldError extends FieldError {
  /** Such as `greater_than_equal`. */
  readonly type: string;
  /** Such as `{ge: 10}`. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** Of a body that does not parse. */
export const NOT_JSON: FastApiFieldError = { pointer: '/0', type: 'json_invalid', detail: 'JSON decode error' };

/** What was sent is not repeated (FastAPI's `input`): it may be a patient's. */
export interface FastApiFault {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly ctx?: Readonly<Record<string, unknown>>;
}

/** For `LegacyErrorFilter`. */
export function fastApiRefusal({ status, detail, errors }: Refusal): ShapedRefusal {
  if (errors.length === 0) return { status, body: { detail } };
  return { status, body: { detail: errors.map(faultOf) } };
}

function faultOf(error: FieldError | FastApiFieldError): FastApiFault {
  const { pointer, detail } = error;
  const loc = ['body', ...pointer.split('/').slice(1).map(locationPart)];
  if ('type' in error) {
    const { type, context } = error;
    return { type, loc, msg: detail, ...(context && { ctx: context }) };
  }
  const missing = detail === 'is missing';
  return {
    type: missing ? 'missing' : 'value_error',
    loc,
    msg: missing ? 'Field required' : `Value ${detail}`,
  };
}

/** Positions in arrays as numbers, as Python has them. */
function locationPart(token: string): string | number {
  const name = pointerName(token);
  return /^(0|[1-9]\d*)$/.test(name) ? Number(name) : name;
}
