/** Attempts that replicas count together in Redis; while it is away, each counts by itself what it sees. */
import { RedisUnavailableError, type RedisConnection } from '#platform';
import type { AttemptKind } from './attempt-rules.js';
import { AttemptStore, type Attempt, type Wait } from './attempt-store.js';
import { LocalAttempts } from './local-attempts.js';
import { RedisAttempts } from './redis-attempts.js';

export class SharedAttempts extends AttemptStore {
  private readonly local = new LocalAttempts();
  private readonly shared: RedisAttempts;

  constructor(private readonly redis: RedisConnection) {
    super();
    this.shared = new RedisAttempts((script, keys, args) => redis.run(script, keys, args));
  }

  admit(kind: AttemptKind, address: string): Promise<Wait | undefined> {
    return this.count((store) => store.admit(kind, address));
  }

  admitSignIn(accountHash: string, address: string): Promise<Attempt | Wait> {
    return this.count((store) => store.admitSignIn(accountHash, address));
  }

  private async count<T>(ask: (store: AttemptStore) => T | Promise<T>): Promise<T> {
    if (!this.redis.up) return ask(this.local);
    try {
      return await ask(this.shared);
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
      return ask(this.local);
    }
  }
}
