/** The seam of the limits on attempts: where they are counted. In memory for one process; in Redis for several. */
import type { AttemptKind } from './attempt-rules.js';

/** A sign-in that was let through to have its password checked. It counts as failed unless one of these is called. */
export interface Attempt {
  succeeded(): void;
  /** The password was not checked at all. */
  abandoned(): void;
}

/** To be waited, in ms, before an attempt is let through. */
export interface Wait {
  readonly waitMs: number;
}

export abstract class AttemptStore {
  /** Lets an attempt of an address through, or tells how long until the next one would be. */
  abstract admit(kind: AttemptKind, address: string): Wait | undefined | Promise<Wait | undefined>;

  /** The same for a sign-in, by what failed before. A refused attempt counts for nothing. */
  abstract admitSignIn(accountHash: string, address: string): Attempt | Wait | Promise<Attempt | Wait>;
}
