/** Invitations: codes that are shown once, stored hashed and good for one registration. */
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, LessThan, MoreThan, Repository, type EntityManager } from 'typeorm';
import { AuditTrail, SYSTEM } from '#audit';
import { DomainError, newId } from '#platform';
import { authErrors } from '../auth.errors.js';
import { randomBase62 } from '../base62.js';
import { secretHash } from '../secret-hash.js';
import { Invitation } from './invitation.entity.js';

const CODE_LENGTH = 24;

@Injectable()
export class Invitations {
  constructor(
    @InjectRepository(Invitation) private readonly invitations: Repository<Invitation>,
    private readonly trail: AuditTrail,
  ) {}

  /** @returns the code, which cannot be shown again. */
  async create(expiresInMs: number): Promise<string> {
    const code = randomBase62(CODE_LENGTH);
    const id = newId();
    const expiresAt = new Date(Date.now() + expiresInMs);
    await this.invitations.manager.transaction(async (manager) => {
      await manager.insert(Invitation, { id, codeHash: secretHash(code), expiresAt });
      await this.trail.record(
        { actor: SYSTEM, action: 'user.invited', target: { type: 'user', id }, details: { invitation: id, expiresAt } },
        manager,
      );
    });
    return code;
  }

  /** @throws INVITATION_INVALID unless the code can be used now. */
  async check(code: string | undefined): Promise<void> {
    const usable =
      code !== undefined &&
      (await this.invitations.existsBy({
        codeHash: secretHash(code),
        usedAt: IsNull(),
        expiresAt: MoreThan(new Date()),
      }));
    if (!usable) throw invalid();
  }

  /** Uses the code up for `userId`; of two who use it at once, one fails. @throws INVITATION_INVALID */
  async redeem(code: string, userId: string, manager: EntityManager): Promise<void> {
    const now = new Date();
    const { affected } = await manager.update(
      Invitation,
      { codeHash: secretHash(code), usedAt: IsNull(), expiresAt: MoreThan(now) },
      { usedBy: userId, usedAt: now },
    );
    if (affected !== 1) throw invalid();
  }

  /** @returns how many were deleted. */
  async deleteExpired(before: Date): Promise<number> {
    const { affected } = await this.invitations.delete({ expiresAt: LessThan(before) });
    return affected ?? 0;
  }
}

function invalid(): DomainError {
  return new DomainError(authErrors.INVITATION_INVALID, 'Registration needs a valid invitation.');
}
