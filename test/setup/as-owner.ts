/** For tests of what only the role that owns the tables may do. */
import type { EntityManager } from 'typeorm';
import { AuditEvent } from '#audit';
import { createDataSource } from '#platform';
import type { TestDatabase } from './database.js';

/** Runs `work` in a transaction of that role. */
export async function asOwner<T>(database: TestDatabase, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  const owner = await createDataSource(
    { url: database.ownerUrl, poolSize: 2 },
    { entities: [AuditEvent] },
  ).initialize();
  try {
    return await owner.transaction(work);
  } finally {
    await owner.destroy();
  }
}
