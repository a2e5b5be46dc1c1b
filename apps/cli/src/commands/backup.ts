/** `latido backup FILE`: everything the database holds, in one file, while the server goes on. */
import { rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AuditTrail, SYSTEM } from '#audit';
import {
  latidoVersion,
  openDatabaseForCommand,
  writeBackup,
  type BackupSummary,
  type LatidoConfig,
  type OpenDatabase,
} from '#platform';
import type { Command, Outcome } from '../command.js';
import { missingMigrations, withServicesOn } from '../services.js';

export const backup: Command = {
  name: 'backup',
  summary: 'Write everything the database holds to a file, while the server goes on',
  arguments: [
    { name: 'FILE', description: 'Where it goes; nothing may be there yet. Readable to its owner alone (mode 0600)' },
  ],
  options: {},
  notes: [
    "The file holds one moment: accounts (passwords and keys as hashes), models with their artifacts, predictions and the audit trail. It is\ncompressed, not encrypted: it holds patients' data, so keep it where the database could stand.",
    'Not in it: DATA_DIR/secrets and .env. Without the token signing key, whoever is signed in renews the access token or signs in again after a\nrestore; passwords and API keys work as before.',
  ],
  async run({ config, arguments: [file], progress, signal }): Promise<Outcome> {
    const path = resolve(file!);
    const database = await openDatabaseForCommand(config);
    try {
      const onTable = ({ name, rows }: { name: string; rows: number }): void => progress(`${name}: ${rows} rows`);
      const summary = await writeBackup({
        ownerUrl: database.ownerUrl,
        path,
        latidoVersion: latidoVersion(),
        signal,
        onTable,
      });
      const recorded = await recordOrRemove(path, summary, database, config);
      const { size } = await stat(path);
      return {
        text: [
          `${path}: ${summary.rows} rows of ${summary.tables.length} tables, ${(size / 1e6).toFixed(1)} MB, as of ${summary.takenAt}.`,
          ...(recorded ? [] : ['The audit trail does not tell of it: the database is older than this version.']),
          'Secrets are not in it (see latido backup --help).',
        ].join('\n'),
        data: { file: path, sizeBytes: size, recorded, ...summary },
      };
    } finally {
      await database.close();
    }
  },
};

/** No backup without its audit event: where that cannot be written, the file goes. A schema before this version's has no event. */
async function recordOrRemove(
  path: string,
  summary: BackupSummary,
  database: OpenDatabase,
  config: LatidoConfig,
): Promise<boolean> {
  try {
    if ((await missingMigrations(database)).length > 0) return false;
    await withServicesOn(database, config, [], (services) =>
      services.get(AuditTrail).record({
        actor: SYSTEM,
        action: 'record.backed-up',
        target: { type: 'record', id: summary.sha256 },
        details: { takenAt: summary.takenAt, rows: summary.rows },
      }),
    );
    return true;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
