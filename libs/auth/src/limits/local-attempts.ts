/** Attempts counted in this process, for a bounded number of accounts and addresses: those not seen for longest are forgotten. */
import { BoundedMap } from '#platform';
import {
  ACCOUNT,
  ADDRESS,
  ATTACKED_ACCOUNT_FAILURES,
  PAIR,
  PAIR_OF_ATTACKED_ACCOUNT,
  RATES,
  type AttemptKind,
  type Delays,
} from './attempt-rules.js';
import { AttemptStore, type Attempt, type Wait } from './attempt-store.js';
import { SlidingWindow } from './sliding-window.js';

const CAPACITY = 50_000;

interface Failures {
  count: number;
  countedAtMs: number;
  notBeforeMs: number;
}

export class LocalAttempts extends AttemptStore {
  private readonly windows: Record<AttemptKind, SlidingWindow> = {
    registration: windowOf('registration'),
    'sign-in': windowOf('sign-in'),
    refresh: windowOf('refresh'),
  };
  private readonly pairs = new BoundedMap<string, Failures>(CAPACITY);
  private readonly addresses = new BoundedMap<string, Failures>(CAPACITY);
  private readonly accounts = new BoundedMap<string, Failures>(CAPACITY);
  /** Accounts that signed in from an address, by pair. */
  private readonly known = new BoundedMap<string, true>(CAPACITY);

  admit(kind: AttemptKind, address: string): Wait | undefined {
    const waitMs = this.windows[kind].admit(address, Date.now());
    return waitMs > 0 ? { waitMs } : undefined;
  }

  admitSignIn(accountHash: string, address: string): Attempt | Wait {
    const nowMs = Date.now();
    const pairKey = `${accountHash} ${address}`;
    const attacked = countNow(this.accounts.get(accountHash), ACCOUNT, nowMs) >= ATTACKED_ACCOUNT_FAILURES;
    const addressWaitMs = this.known.has(pairKey) ? 0 : waitMs(this.addresses.get(address), nowMs);
    const toWaitMs = Math.max(waitMs(this.pairs.get(pairKey), nowMs), addressWaitMs);
    if (toWaitMs > 0) return { waitMs: toWaitMs };
    const tooMany = this.admit('sign-in', address);
    if (tooMany) return tooMany;

    const takeBackPair = addFailure(this.pairs, pairKey, attacked ? PAIR_OF_ATTACKED_ACCOUNT : PAIR, nowMs);
    const takeBackAddress = addFailure(this.addresses, address, ADDRESS, nowMs);
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

function windowOf(kind: AttemptKind): SlidingWindow {
  return new SlidingWindow(RATES[kind].limit, RATES[kind].windowMs, CAPACITY);
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
