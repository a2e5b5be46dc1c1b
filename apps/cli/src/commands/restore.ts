/** `latido restore FILE`: a backup into an empty database, all of it or nothing. */
import { resolve } from 'node:path';
import { AuditTrail, SYSTEM } from '#audit';
import { checkBackup, openDatabaseForCommand, restoreBackup, type BackupSummary } from '#platform';
import { schema } from '../../../../migrations/schema.js';
import { columns, type Command, type Outcome } from '../command.js';
import { withServicesOn } from '../services.js';

export const restore: Command = {
  name: 'restore',
  summary: 'Load a backup into an empty database, all of it or nothing',
  arguments: [{ name: 'FILE', description: 'What latido backup has written' }],
  options: {
    check: { type: 'boolean', description: 'Read and verify the file, tell what it holds, and touch no database' },
  },
  notes: [
    'The database must be empty: a new DATA_DIR, or a new database at DATABASE_URL and DATABASE_OWNER_URL. A file that is cut, altered or of a\nnewer schema changes nothing; an older one is migrated after it was loaded.',
    'The hashes find damage, not forgery: restore files that you trust. TOKEN_SIGNING_KEY, or DATA_DIR/secrets/token-signing-key.pem put there\nbefore, keeps tokens issued before the backup valid.',
  ],
  async run({ config, arguments: [file], options, progress, signal }): Promise<Outcome> {
    const path = resolve(file!);
    const found = await checkBackup(path);
    if (options.check) return { text: `The file is whole.\n${describe(found)}`, data: found };
    const database = await openDatabaseForCommand(config, { create: true });
    try {
      const summary = await restoreBackup({
        path,
        ownerUrl: database.ownerUrl,
        applicationUrl: database.url,
        schema,
        signal,
        onTable: ({ name, rows }) => progress(`${name}: ${rows} rows`),
      });
      await withServicesOn(database, config, [], (services) =>
        services.get(AuditTrail).record({
          actor: SYSTEM,
          action: 'record.restored',
          target: { type: 'record', id: summary.sha256 },
          details: { takenAt: summary.takenAt, rows: summary.rows, latidoVersion: summary.latidoVersion },
        }),
      );
      return {
        text: `Restored to ${database.place}.\n${describe(summary)}`,
        data: { place: database.place, ...summary },
      };
    } finally {
      await database.close();
    }
  },
};

function describe({ takenAt, latidoVersion, rows, tables, sha256 }: BackupSummary): string {
  const counts = columns(tables.map((table) => [`  ${table.name}`, String(table.rows)]));
  return `Taken ${takenAt} by Latido ${latidoVersion}: ${rows} rows.\n${counts}\nSHA-256 of its content: ${sha256}`;
}
