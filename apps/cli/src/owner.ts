/** Work on the record that only its owner may do: in one transaction with the audit event that tells of it. */
import type { EntityManager } from 'typeorm';
import { AuditEvent, AuditTrail } from '#audit';
import { createDataSource, openDatabaseForCommand, type LatidoConfig } from '#platform';
import { CommandError } from './command.js';
import { missingMigrations, withServicesOn } from './services.js';

/** @throws CommandError when the database has another schema than this version */
export async function asOwner<T>(
  config: LatidoConfig,
  work: (manager: EntityManager, trail: AuditTrail) => Promise<T>,
): Promise<T> {
  const database = await openDatabaseForCommand(config);
  try {
    if ((await missingMigrations(database)).length > 0) {
      throw new CommandError(
        'The database is older than this version of Latido. Start the server once: it migrates the database.',
      );
    }
    return await withServicesOn(database, config, [], async (services) => {
      const entities = [AuditEvent];
      const access = { url: database.ownerUrl, poolSize: 2, unlimitedQueries: true };
      const owner = await createDataSource(access, { entities }).initialize();
      try {
        return await owner.transaction((manager) => work(manager, services.get(AuditTrail)));
      } finally {
        await owner.destroy();
      }
    });
  } finally {
    await database.close();
  }
}
