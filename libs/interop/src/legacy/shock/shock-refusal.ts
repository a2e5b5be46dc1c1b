/** How the older service refuses: as FastAPI and pydantic 2 do, with its own words where it had them. */
import { HttpStatus } from '@nestjs/common';
import { pointerName, RefusesWith, type FieldError } from '#platform';
import type { FastApiFault } from '../shared/fastapi-refusals.js';
import { LegacyErrorFilter, type Refusal, type ShapedRefusal } from '../shared/refusal.js';

/** No version answers: nothing that the client could mend. */
const NO_VERSION = new Set(['MODEL_NOT_FOUND', 'MODEL_NOT_ACTIVE']);
const WRONG_CREDENTIALS = 'Could not validate user.';
const OWN_WORDS: Readonly<Record<string, string>> = {
  AUTHENTICATION_REQUIRED: 'Authentication Failed.',
  INVALID_TOKEN: WRONG_CREDENTIALS,
  WRONG_NAME_OR_PASSWORD: WRONG_CREDENTIALS,
};

/** For `LegacyErrorFilter`. */
export function shockRefusal({ status, code, detail, errors }: Refusal): ShapedRefusal {
  if (NO_VERSION.has(code)) return { status: HttpStatus.SERVICE_UNAVAILABLE, body: { detail } };
  const words = OWN_WORDS[code];
  if (words !== undefined) return { status, body: { detail: words } };
  if (code === 'MALFORMED_REQUEST')
    return { status: HttpStatus.UNPROCESSABLE_ENTITY, body: { detail: [notJson(detail)] } };
  if (errors.length === 0 || status !== 422) return { status, body: { detail } };
  return { status, body: { detail: errors.map(faultOf) } };
}

function notJson(error: string): FastApiFault {
  return { type: 'json_invalid', loc: ['body'], msg: 'JSON decode error', ctx: { error } };
}

/** What pydantic has words of its own for. */
const IN_PYDANTICS_WORDS: Readonly<Record<string, Pick<FastApiFault, 'type' | 'msg'>>> = {
  'is missing': { type: 'missing', msg: 'Field required' },
  'must be a number': { type: 'float_type', msg: 'Input should be a valid number' },
  'must be a finite number': { type: 'finite_number', msg: 'Input should be a finite number' },
  'must be an integer': { type: 'int_type', msg: 'Input should be a valid integer' },
  'must be a text': { type: 'string_type', msg: 'Input should be a valid string' },
  'must be an object': { type: 'dict_type', msg: 'Input should be a valid dictionary' },
};
const BOUND = /^must be (at least|at most) (-?\d+(?:\.\d+)?)$/;

function faultOf({ pointer, detail }: FieldError): FastApiFault {
  // Indices of rows are keys of dictionaries: texts.
  const loc = ['body', ...pointer.split('/').slice(1).map(pointerName)];
  const words = Object.hasOwn(IN_PYDANTICS_WORDS, detail) ? IN_PYDANTICS_WORDS[detail] : undefined;
  if (words) return { type: words.type, loc, msg: words.msg };
  const [, bound, number] = BOUND.exec(detail) ?? [];
  if (bound === 'at least')
    return {
      type: 'greater_than_equal',
      loc,
      msg: `Input should be greater than or equal to ${number}`,
      ctx: { ge: Number(number) },
    };
  if (bound === 'at most')
    return {
      type: 'less_than_equal',
      loc,
      msg: `Input should be less than or equal to ${number}`,
      ctx: { le: Number(number) },
    };
  return { type: 'value_error', loc, msg: `Value error, ${detail}` };
}

const errorFilter = new LegacyErrorFilter(shockRefusal);

/** The route refuses as the older service did. */
export function RefusesAsShock(): MethodDecorator {
  return RefusesWith(errorFilter);
}
