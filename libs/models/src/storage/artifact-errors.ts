/** What goes wrong with a model file's bytes: the file's own fault, or that of where it is kept. */
import { DomainError } from '#platform';
import { modelErrors } from '../models.errors.js';

const RETRY_SECONDS = 5;

/** They are not there, or not those that were stored. */
export function artifactDamaged(sha256: string, what: string): DomainError {
  return new DomainError(modelErrors.ARTIFACT_DAMAGED, `The artifact ${sha256} ${what}.`);
}

/** Another time it may work: the store is away, the disk is full. */
export function artifactUnavailable(detail: string, cause?: unknown): DomainError {
  return new DomainError(modelErrors.ARTIFACT_UNAVAILABLE, detail, {
    headers: { 'retry-after': String(RETRY_SECONDS) },
    cause,
  });
}
