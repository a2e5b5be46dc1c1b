/** How the older service refuses: as FastAPI does, a body that is no JSON included. */
import type { FastifyRequest } from 'fastify';
import { platformErrors, RefusesWith } from '#platform';
import { fastApiRefusal, NOT_JSON, type FastApiFieldError } from '../shared/fastapi-refusals.js';
import { LegacyErrorFilter, type Refusal, type ShapedRefusal } from '../shared/refusal.js';
import { NO_OBJECT } from './measurements.js';

function penguinsRefusal(refusal: Refusal, request: FastifyRequest): ShapedRefusal {
  const fault = faultOfBody(refusal, request);
  return fastApiRefusal(fault ? { ...refusal, status: 422, errors: [fault] } : refusal);
}

/** What Fastify refuses before anybody has looked into the body, in FastAPI's words. */
function faultOfBody({ code }: Refusal, { headers }: FastifyRequest): FastApiFieldError | undefined {
  // Other media types are read there as well, as something that is no object.
  if (code === platformErrors.UNSUPPORTED_MEDIA_TYPE.code) return NO_OBJECT;
  if (code !== platformErrors.MALFORMED_REQUEST.code) return undefined;
  const isEmpty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
  if (isEmpty) return { pointer: '', type: 'missing', detail: 'Field required' };
  return { ...NOT_JSON, context: { error: 'Invalid JSON' } };
}

const errorFilter = new LegacyErrorFilter(penguinsRefusal);

/** The route refuses as the older service does. */
export function RefusesAsPenguins(): MethodDecorator {
  return RefusesWith(errorFilter);
}
