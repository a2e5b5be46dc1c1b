/**
 * Limits on registrations and sign-ins. Per address: so many a minute. On failed sign-ins: delays that double, and
 * never for good.
 *
 * - Per account and address: five are free, then 1 s, 2 s, 4 s … up to five minutes. Nobody elsewhere can make the
 *   owner wait here.
 * - Per address, over all accounts: thirty are free, then up to a minute; an account that has signed in from there
 *   before is exempt, so that one guesser does not lock an office out.
 * - Per account, over all addresses: many failures make the first rule stricter (one free attempt, then 30 s) and
 *   nothing more: an address that was not seen yet always has its first attempt.
 *
 * An attempt is counted when it begins, so that parallel ones do not slip through; a refused attempt counts for
 * nothing. Counted by all replicas together in Redis where there is one; while it is away, and without one, each process
 * counts by itself what it sees, and a restart forgets it.
 */
import { Injectable } from '@nestjs/common';
import { DomainError } from '#platform';
import { authErrors } from '../auth.errors.js';
import { secretHash } from '../secret-hash.js';
import { addressKey } from './address-key.js';
import type { AttemptKind } from './attempt-rules.js';
import { AttemptStore, type Attempt, type Wait } from './attempt-store.js';

@Injectable()
export class AttemptLimits {
  constructor(private readonly attempts: AttemptStore) {}

  /** @throws TOO_MANY_ATTEMPTS */
  admitRegistration(address: string): Promise<void> {
    return this.admit('registration', address);
  }

  /** @throws TOO_MANY_ATTEMPTS */
  admitRefresh(address: string): Promise<void> {
    return this.admit('refresh', address);
  }

  /** `account` is the name given at sign-in, whether or not there is such an account. @throws TOO_MANY_ATTEMPTS */
  async admitSignIn(account: string, address: string): Promise<Attempt> {
    const outcome = await this.attempts.admitSignIn(secretHash(account), addressKey(address));
    if ('waitMs' in outcome) throw tooMany(outcome);
    return outcome;
  }

  private async admit(kind: AttemptKind, address: string): Promise<void> {
    const wait = await this.attempts.admit(kind, addressKey(address));
    if (wait) throw tooMany(wait);
  }
}

function tooMany({ waitMs }: Wait): DomainError {
  return new DomainError(authErrors.TOO_MANY_ATTEMPTS, 'Too many attempts. Try again later.', {
    headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) },
  });
}
