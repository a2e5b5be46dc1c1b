/** Work on the record that only its owner may do: in one transaction with the audit event that tells of it. */
import type { EntityManager } from 'typeorm';
import { AuditEvent, AuditTrail } from '#audit';
import { createDataSource, type LatidoConfig } from '#platform';
import { onMigratedDatabase, withServicesOn } from './services.js';

/** @throws CommandError as `onMigratedDatabase` */
export function asOwner<T>(
  config: LatidoConfig,
  work: (manager: EntityManager, trail: AuditTrail) => Promise<T>,
): Promise<T> {
  return onMigratedDatabase(config, (database) =>
    withServicesOn(database, config, [], async (services) => {
      const access = { url: database.ownerUrl, poolSize: 2, unlimitedQueries: true };
      const owner = await createDataSource(access, { entities: [AuditEvent] }).initialize();
      try {
        return await owner.transaction((manager) => work(manager, services.get(AuditTrail)));
      } finally {
        await owner.destroy();
      }
    }),
  );
}
