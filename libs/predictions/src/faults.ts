/**
 * The faults of one body: all of them at once, up to a bound that keeps a hostile body from growing a hostile answer.
 */
import { FaultList } from '#inference';
import { DomainError, invalidRequest, platformErrors } from '#platform';

/** Faults listed in one answer, at most. */
export const MAX_FAULTS = 100;

export class Faults extends FaultList {
  constructor() {
    super(MAX_FAULTS);
  }

  get none(): boolean {
    return this.list.length === 0;
  }

  /** @throws INVALID_REQUEST naming every fault, if there are any. */
  throwIfAny(): void {
    if (this.none) return;
    if (!this.full) throw invalidRequest(this.list);
    throw new DomainError(
      platformErrors.INVALID_REQUEST,
      `At least ${MAX_FAULTS} values are at fault; the first ${MAX_FAULTS} are listed.`,
      { errors: this.list },
    );
  }
}
