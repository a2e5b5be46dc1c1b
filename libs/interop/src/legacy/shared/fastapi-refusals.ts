/** How services made with FastAPI refuse: `{"detail": "…"}`, and `{"detail": [{"loc", "msg", "type"}]}` with 422 where values are at fault. */
import type { Refusal, ShapedRefusal } from './refusal.js';

/** What was sent is not repeated (FastAPI's `input`): it may be a patient's. */
interface FastApiFault {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
}

/** For `LegacyErrorFilter`. */
export function fastApiRefusal({ status, detail, errors }: Refusal): ShapedRefusal {
  if (errors.length === 0) return { status, body: { detail } };
  return { status, body: { detail: errors.map(faultOf) } };
}

function faultOf({ pointer, detail }: Refusal['errors'][number]): FastApiFault {
  const missing = detail === 'is missing';
  return {
    type: missing ? 'missing' : 'value_error',
    loc: ['body', ...pointer.split('/').slice(1).map(locationPart)],
    msg: missing ? 'Field required' : `Value ${detail}`,
  };
}

/** RFC 6901 §3, with positions in arrays as numbers, as Python has them. */
function locationPart(token: string): string | number {
  const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
  return /^(0|[1-9]\d*)$/.test(name) ? Number(name) : name;
}
