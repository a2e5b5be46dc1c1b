import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import { LabPointer, THE_POINTER } from './lab-pointer.entity.js';

@Injectable()
export class LabPointerRepository {
  constructor(@InjectRepository(LabPointer) private readonly pointers: Repository<LabPointer>) {}

  /** The model's name; null where none was chosen yet. */
  async model(): Promise<string | null> {
    return (await this.pointers.findOneBy({ id: THE_POINTER }))?.modelName ?? null;
  }

  /** The same, and nobody else changes it until the transaction ends. */
  async lock(manager: EntityManager): Promise<string | null> {
    const found = await manager.findOne(LabPointer, {
      where: { id: THE_POINTER },
      lock: { mode: 'pessimistic_write' },
    });
    return found?.modelName ?? null;
  }

  async set(modelName: string, pointedBy: string | null, manager: EntityManager): Promise<void> {
    await manager.upsert(LabPointer, { id: THE_POINTER, modelName, pointedBy, pointedAt: new Date() }, ['id']);
  }
}
