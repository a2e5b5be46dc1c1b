/** `latido audit verify`: checks the whole record with public keys and checkpoints, trusting no server. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { eventLeaves, verifyRecord, type CheckpointLine, type VerifyReport } from '#audit';
import { withClient } from '#platform';
import { predictionLeaves } from '#predictions';
import { CommandError, UsageError, type Command, type Outcome } from '../command.js';
import { onMigratedDatabase } from '../services.js';

export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'Check that nothing in the record was changed, removed or put in by hand',
  arguments: [],
  options: {
    since: {
      type: 'string',
      value: 'TIME',
      description: 'Only what was sealed at this moment or later: 2026-01-31T12:00:00Z',
    },
    checkpoint: {
      type: 'string',
      value: 'FILE',
      description:
        'Checkpoints kept elsewhere (lines of AUDIT_CHECKPOINT_FILE): without them a chain whose end was cut off looks whole',
    },
    'public-key': {
      type: 'string',
      value: 'FILE',
      description:
        'Public keys to trust, in PEM, one after the other: without them those in the database are taken, which proves less',
    },
  },
  notes: [
    'Reads only, as the role of DATABASE_URL or, with the built-in database, beside the running server. Exit code 1 when something does not hold;\nthe first place that does not is named first.',
  ],
  async run({ config, options }): Promise<Outcome> {
    const since = sinceOf(options.since);
    const checkpoints = options.checkpoint === undefined ? [] : readCheckpoints(String(options.checkpoint));
    const publicKeys = options['public-key'] === undefined ? [] : [readText(String(options['public-key']))];
    return onMigratedDatabase(config, async (database) => {
      const startedAt = performance.now();
      const report = await withClient(database.url, 'latido audit verify', (client) =>
        verifyRecord(client, {
          sources: [predictionLeaves, eventLeaves],
          publicKeys,
          checkpoints,
          ...(since && { since }),
        }),
      );
      const seconds = (performance.now() - startedAt) / 1000;
      return { text: describe(report, seconds), data: { ...report, seconds }, failed: !report.holds };
    });
  },
};

function sinceOf(text: unknown): Date | undefined {
  if (text === undefined) return undefined;
  const since = new Date(String(text));
  if (Number.isNaN(since.getTime()))
    throw new UsageError(`--since must be a time such as 2026-01-31T12:00:00Z, not "${String(text)}"`);
  return since;
}

function readText(file: string): string {
  try {
    return readFileSync(resolve(file), 'utf8');
  } catch (error) {
    throw new CommandError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function readCheckpoints(file: string): CheckpointLine[] {
  return readText(file)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      try {
        return JSON.parse(line) as CheckpointLine;
      } catch {
        throw new CommandError(`Line ${index + 1} of ${file} is no checkpoint.`);
      }
    });
}

function describe(report: VerifyReport, seconds: number): string {
  const { records, findings } = report;
  const notes = [
    ...(report.keys === 'database'
      ? [
          'The public keys are those in the database: whoever could write there could have put others. Give them with --public-key.',
        ]
      : []),
    ...(report.checkpoints === 0
      ? [
          'No checkpoint was given: that the last chain was not cut off, or all chains dropped, is not shown. Give them with --checkpoint.',
        ]
      : []),
    ...(records.predictions.unproven > 0 || records.events.unproven > 0
      ? [
          `${records.predictions.unproven} predictions and ${records.events.unproven} audit events are from before there were proofs: nothing is shown of them.`,
        ]
      : []),
    ...(records.events.unsealed > 0
      ? [
          `${records.events.unsealed} audit events are signed but not yet in a chain: a server was killed; the next start seals them.`,
        ]
      : []),
    ...(report.droppedBatches > 0
      ? [`${report.droppedBatches} batches are gone with months whose end was recorded.`]
      : []),
  ];
  const counted = `${records.predictions.records} predictions, ${records.events.records} audit events, ${report.batches} batches, ${report.chains} chains, ${report.checkpoints} checkpoints in ${seconds.toFixed(1)} s`;
  const verdict = report.holds ? `The record holds: ${counted}.` : `The record does NOT hold: ${counted}.`;
  const told = findings.map(({ code, message }) => `  ${code}: ${message}`);
  return [
    verdict,
    ...told,
    ...(report.moreFindings > 0 ? [`  and ${report.moreFindings} more`] : []),
    ...notes.map((note) => `Note: ${note}`),
  ].join('\n');
}
