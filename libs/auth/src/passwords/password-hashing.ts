/**
 * argon2id (RFC 9106), at most two hashes at a time: each takes 19 MiB and a core, and those who wait beyond a short
 * queue are better told so than kept. The parameters are the first of OWASP's equivalent recommendations for
 * argon2id.
 */
import { randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2';
import { DomainError } from '#platform';
import { authErrors } from '../auth.errors.js';

/** Value of `Algorithm.Argon2id`: a const enum of the package, which single-file compilation cannot read. */
const ARGON2ID = 2;
const PARAMETERS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const AT_ONCE = 2;
const QUEUE_LENGTH = 16;
const RETRY_SECONDS = 1;

@Injectable()
export class PasswordHashing implements OnModuleInit {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  /**
   * What the password of an account that does not exist is compared with, so that its refusal takes as long as any
   * other.
   */
  private nobodysHash: string;

  async onModuleInit(): Promise<void> {
    this.nobodysHash = await this.hash(randomBytes(24).toString('base64url'));
  }

  /** A hash with its salt and parameters (PHC string format). @throws PASSWORD_HASHING_BUSY */
  hash(password: string): Promise<string> {
    return this.inTurn(() => argon2Hash(prepare(password), PARAMETERS));
  }

  /**
   * Whether it is the password of the hash; never for an account without one (null), and not sooner. @throws
   * PASSWORD_HASHING_BUSY
   */
  async verify(passwordHash: string | null, password: string): Promise<boolean> {
    const matches = await this.inTurn(() => argon2Verify(passwordHash ?? this.nobodysHash, prepare(password)));
    return matches && passwordHash !== null;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) {
      if (this.waiting.length >= QUEUE_LENGTH) {
        throw new DomainError(authErrors.PASSWORD_HASHING_BUSY, 'Too many passwords wait to be checked.', {
          headers: { 'retry-after': String(RETRY_SECONDS) },
        });
      }
      // Whoever finishes hands its turn over, so that `running` stays right without a gap for a newcomer to slip into.
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}

/** The same password from another keyboard or system must give the same bytes (RFC 8265 asks for a normal form). */
function prepare(password: string): string {
  return password.normalize('NFKC');
}
