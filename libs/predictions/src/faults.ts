/**
 * The faults of one body: all of them at once, up to a bound that keeps a hostile body from growing a hostile answer.
 */
import { DomainError, invalidRequest, platformErrors, type FieldError } from '#platform';

/** Faults listed in one answer, at most. */
export const MAX_FAULTS = 100;
/** A client's own field name in a pointer, at most: enough to recognise it by. */
const MAX_TOKEN_LENGTH = 100;

/** A reference token of a JSON Pointer (RFC 6901 §3), cut off where it is too long. */
export function pointerToken(name: string): string {
  const shown = name.length > MAX_TOKEN_LENGTH ? `${name.slice(0, MAX_TOKEN_LENGTH)}…` : name;
  return shown.replaceAll('~', '~0').replaceAll('/', '~1');
}

export class Faults {
  private readonly list: FieldError[] = [];

  get none(): boolean {
    return this.list.length === 0;
  }

  /** True when no more are listed: looking for others is work for nothing. */
  get full(): boolean {
    return this.list.length >= MAX_FAULTS;
  }

  add(pointer: string, detail: string): void {
    if (!this.full) this.list.push({ pointer, detail });
  }

  addAll(faults: readonly FieldError[]): void {
    for (const { pointer, detail } of faults) this.add(pointer, detail);
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
