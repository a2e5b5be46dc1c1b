/** Which versions of a model a caller may see, and which name in a prediction. */
import type { Role } from '#platform';
import type { VersionRecord } from './storage/model.repository.js';

/**
 * Users may name versions that are or were active, or had a share of the traffic, and are not retired; those who publish and run
 * models any verified one. A rejected or retired version answers nobody.
 */
export function mayPredictWith(version: VersionRecord, role: Role): boolean {
  if (version.status !== 'verified') return false;
  return role === 'admin' || role === 'publisher' || version.lastActivatedAt !== null || version.lastCanaryAt !== null;
}

/** Those who answer for the models see all of them, the rejected and the retired too; others what they may predict with. */
export function maySee(version: VersionRecord, role: Role): boolean {
  return role === 'admin' || role === 'publisher' || role === 'auditor' || mayPredictWith(version, role);
}
