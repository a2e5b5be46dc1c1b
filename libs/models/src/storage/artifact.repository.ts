import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import { DomainError } from '#platform';
import { modelErrors } from '../models.errors.js';
import { Artifact } from './artifact.entity.js';

@Injectable()
export class ArtifactRepository {
  constructor(@InjectRepository(Artifact) private readonly artifacts: Repository<Artifact>) {}

  /** Stores the bytes under their hash; does nothing when they are there. */
  async store(sha256: string, content: Buffer, manager: EntityManager): Promise<void> {
    await manager
      .createQueryBuilder()
      .insert()
      .into(Artifact)
      .values({ sha256, sizeBytes: content.length, content })
      .orIgnore()
      .updateEntity(false)
      .execute();
  }

  /** The bytes of this hash. @throws ARTIFACT_DAMAGED when they are not there or are no longer those that were stored */
  async read(sha256: string): Promise<Buffer> {
    const stored = await this.artifacts.findOne({ where: { sha256 }, select: { sha256: true, content: true } });
    if (!stored) throw new DomainError(modelErrors.ARTIFACT_DAMAGED, `The artifact ${sha256} is not in the database.`);
    const actual = createHash('sha256').update(stored.content).digest('hex');
    if (actual !== sha256)
      throw new DomainError(
        modelErrors.ARTIFACT_DAMAGED,
        `The stored bytes of artifact ${sha256} have the SHA-256 ${actual}.`,
      );
    return stored.content;
  }
}
