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
 * nothing. In memory and bounded: a restart forgets it, and each replica counts by itself.
 */
import { Injectable } from '@nestjs/common';
import { BoundedMap, DomainError } from '#platform';
import { authErrors } from '../auth.errors.js';
import { secretHash } from '../secret-hash.js';
import { addressKey } from './address-key.js';
import { SlidingWindow } from './sliding-window.js';

const MINUTE_MS = 60_000;
const REGISTRATIONS_PER_MINUTE = 30;
const SIGN_INS_PER_MINUTE = 60;
/** Refreshing and revoking: what an office behind one address may need. */
const REFRESHES_PER_MINUTE = 600;

interface Delays {
  readonly free: number;
  readonly firstMs: number;
  readonly longestMs: number;
  /** One failure is forgotten each time this long passes. */
  readonly forgetOneMs: number;
}

const PAIR: Delays = { free: 5, firstMs: 1_000, longestMs: 5 * MINUTE_MS, forgetOneMs: 10 * MINUTE_MS };
const PAIR_OF_ATTACKED_ACCOUNT: Delays = { ...PAIR, free: 1, firstMs: 30_000 };
const ADDRESS: Delays = { free: 30, firstMs: 1_000, longestMs: MINUTE_MS, forgetOneMs: 20_000 };
/** An account with this many failures lately is under attack. */
const ATTACKED_ACCOUNT_FAILURES = 50;
/** Only counted: what comes of it is that the pairs' delays grow faster. */
const ACCOUNT: Delays = { free: Infinity, firstMs: 0, longestMs: 0, forgetOneMs: MINUTE_MS };

const CAPACITY = 50_000;

interface Failures {
  count: number;
  countedAtMs: number;
  notBeforeMs: number;
}

/** A sign-in that was let through to have its password checked. It counts as failed unless one of these is called. */
export interface Attempt {
  succeeded(): void;
  /** The password was not checked at all. */
  abandoned(): void;
}

@Injectable()
export class AttemptLimits {
  private readonly registrations = new SlidingWindow(REGISTRATIONS_PER_MINUTE, MINUTE_MS);
  private readonly signIns = new SlidingWindow(SIGN_INS_PER_MINUTE, MINUTE_MS);
  private readonly refreshes = new SlidingWindow(REFRESHES_PER_MINUTE, MINUTE_MS);
  private readonly pairs = new BoundedMap<string, Failures>(CAPACITY);
  private readonly addresses = new BoundedMap<string, Failures>(CAPACITY);
  private readonly accounts = new BoundedMap<string, Failures>(CAPACITY);
  /** Accounts that signed in from an address, by pair. */
  private readonly known = new BoundedMap<string, true>(CAPACITY);

  /** @throws TOO_MANY_ATTEMPTS */
  admitRegistration(address: string): void {
    refuseFor(this.registrations.admit(addressKey(address), Date.now()));
  }

  /** @throws TOO_MANY_ATTEMPTS */
  admitRefresh(address: string): void {
    refuseFor(this.refreshes.admit(addressKey(address), Date.now()));
  }

  /** `account` is the name given at sign-in, whether or not there is such an account. @throws TOO_MANY_ATTEMPTS */
  admitSignIn(account: string, address: string): Attempt {
    const nowMs = Date.now();
    const source = addressKey(address);
    const accountHash = secretHash(account);
    const pairKey = `${accountHash} ${source}`;
    const attacked = countNow(this.accounts.get(accountHash), ACCOUNT, nowMs) >= ATTACKED_ACCOUNT_FAILURES;
    const addressWaitMs = this.known.has(pairKey) ? 0 : waitMs(this.addresses.get(source), nowMs);
    refuseFor(Math.max(waitMs(this.pairs.get(pairKey), nowMs), addressWaitMs));
    refuseFor(this.signIns.admit(source, nowMs));

    const takeBackPair = addFailure(this.pairs, pairKey, attacked ? PAIR_OF_ATTACKED_ACCOUNT : PAIR, nowMs);
    const takeBackAddress = addFailure(this.addresses, source, ADDRESS, nowMs);
    const takeBackAccount = addFailure(this.accounts, accountHash, ACCOUNT, nowMs);
    return {
      succeeded: () => {
        this.pairs.delete(pairKey);
        this.known.set(pairKey, true);
        takeBackAddress();
        takeBackAccount();
      },
      abandoned: () => {
        takeBackPair();
        takeBackAddress();
        takeBackAccount();
      },
    };
  }
}

function countNow(failures: Failures | undefined, { forgetOneMs }: Delays, nowMs: number): number {
  if (!failures) return 0;
  return Math.max(0, failures.count - Math.floor((nowMs - failures.countedAtMs) / forgetOneMs));
}

function waitMs(failures: Failures | undefined, nowMs: number): number {
  return failures ? Math.max(0, failures.notBeforeMs - nowMs) : 0;
}

/**
 * Counts a failure and sets the delay that follows from it. Answers how to take just that back, whatever was counted
 * since.
 */
function addFailure(all: BoundedMap<string, Failures>, key: string, delays: Delays, nowMs: number): () => void {
  const failures = all.get(key) ?? { count: 0, countedAtMs: nowMs, notBeforeMs: 0 };
  const notBeforeBeforeMs = failures.notBeforeMs;
  const count = countNow(failures, delays, nowMs) + 1;
  const delayMs = count < delays.free ? 0 : Math.min(delays.firstMs * 2 ** (count - delays.free), delays.longestMs);
  const notBeforeMs = Math.max(notBeforeBeforeMs, nowMs + delayMs);
  Object.assign(failures, { count, countedAtMs: nowMs, notBeforeMs });
  all.delete(key); // and in again as the newest, so that idle ones are forgotten first
  all.set(key, failures);
  return () => {
    failures.count = Math.max(0, failures.count - 1);
    if (failures.notBeforeMs === notBeforeMs) failures.notBeforeMs = notBeforeBeforeMs;
  };
}

function refuseFor(milliseconds: number): void {
  if (milliseconds <= 0) return;
  throw new DomainError(authErrors.TOO_MANY_ATTEMPTS, 'Too many attempts. Try again later.', {
    headers: { 'retry-after': String(Math.ceil(milliseconds / 1000)) },
  });
}
