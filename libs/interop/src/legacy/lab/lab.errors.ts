/** What this service refuses by itself, and how it refuses: as FastAPI does. */
import type { FastifyRequest } from 'fastify';
import { defineErrors, DomainError, platformErrors, RefusesWith } from '#platform';
import { fastApiRefusal, NOT_JSON } from '../shared/fastapi-refusals.js';
import { LegacyErrorFilter, type Refusal, type ShapedRefusal } from '../shared/refusal.js';

export const labErrors = defineErrors('interop', {
  LAB_NOTHING_ACTIVE: {
    status: 409,
    title: 'No active model',
    meaning:
      'The older service lab has no model that answers: none of LEGACY_LAB_MODELS has an active version, or the one that was chosen is not ' +
      'among them any more. An administrator activates one with `POST /models/activate`. Answered as `{"detail": "…"}`.',
  },
});

export function nothingActive(why: string): DomainError {
  return new DomainError(labErrors.LAB_NOTHING_ACTIVE, `${why} An administrator activates one with /models/activate.`);
}

/**
 * FastAPI has places of values with 422 alone, a body that does not parse among them; whatever else is at fault is told in a sentence,
 * what a policy objects to included.
 */
export function labRefusal(refusal: Refusal, { headers }: Pick<FastifyRequest, 'headers'>): ShapedRefusal {
  const { code, status, errors } = refusal;
  if (code === 'FILE_INVALID')
    return fastApiRefusal({
      ...refusal,
      errors: errors.map((error) => ({ ...error, pointer: `/file${error.pointer}` })),
    });
  if (code === platformErrors.MALFORMED_REQUEST.code && headers['content-type']?.includes('json'))
    return fastApiRefusal({ ...refusal, status: 422, errors: [NOT_JSON] });
  return fastApiRefusal(status === 422 ? refusal : { ...refusal, errors: [] });
}

const errorFilter = new LegacyErrorFilter(labRefusal);

/** The route refuses as the older service did. */
export function RefusesAsLab(): MethodDecorator {
  return RefusesWith(errorFilter);
}
