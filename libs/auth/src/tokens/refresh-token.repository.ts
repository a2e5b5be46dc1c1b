import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, LessThan, Not, Repository, type EntityManager } from 'typeorm';
import { RefreshToken } from './refresh-token.entity.js';

@Injectable()
export class RefreshTokenRepository {
  constructor(@InjectRepository(RefreshToken) private readonly tokens: Repository<RefreshToken>) {}

  findByHash(tokenHash: string, manager: EntityManager = this.tokens.manager): Promise<RefreshToken | null> {
    return manager.findOneBy(RefreshToken, { tokenHash });
  }

  async insert(
    token: Pick<RefreshToken, 'id' | 'userId' | 'familyId' | 'tokenHash' | 'expiresAt' | 'reusable'>,
    manager: EntityManager,
  ): Promise<void> {
    await manager.insert(RefreshToken, token);
  }

  async markUsed(id: string, usedAt: Date, manager: EntityManager): Promise<void> {
    await manager.update(RefreshToken, { id }, { usedAt });
  }

  /** @returns whether there was anything left to revoke. */
  async revokeFamily(familyId: string, manager: EntityManager): Promise<boolean> {
    const { affected } = await manager.update(
      RefreshToken,
      { familyId, revokedAt: IsNull() },
      { revokedAt: () => 'now()' },
    );
    return (affected ?? 0) > 0;
  }

  /** All sessions of a user, but for `exceptFamilyId`. */
  async revokeAll(userId: string, exceptFamilyId: string | null, manager: EntityManager): Promise<void> {
    const family = exceptFamilyId === null ? {} : { familyId: Not(exceptFamilyId) };
    await manager.update(RefreshToken, { userId, revokedAt: IsNull(), ...family }, { revokedAt: () => 'now()' });
  }

  /** @returns how many were deleted. */
  async deleteExpired(before: Date): Promise<number> {
    const { affected } = await this.tokens.delete({ expiresAt: LessThan(before) });
    return affected ?? 0;
  }
}
