/**
 * Says of an admission that a file came with it: what its predictions say does not tell it. Said before the file's first prediction
 * can be seen, so that each of them is counted as one of a file.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BatchEntity } from '../files/batches/batch.entities.js';
import type { RecordCompanion } from '../record/key-claims.js';

const ENTER_STREAMS = `
  INSERT INTO scored_files (admission_id, kind, model_name, version)
  SELECT DISTINCT ON (admission_id) admission_id, 'stream', model_name, version
    FROM unnest($1::uuid[], $2::text[], $3::text[]) AS file (admission_id, model_name, version)
  ON CONFLICT (admission_id) DO NOTHING`;

const ENTER_BATCH = `
  INSERT INTO scored_files (admission_id, kind, batch_id, model_name, version) VALUES ($1, 'batch', $2, $3, $4)
  ON CONFLICT (admission_id) DO NOTHING`;

/** Goes with the first record of a file that is answered in the request that brings it. */
export const enterStreams: RecordCompanion = (client, records) =>
  client.query({
    name: 'enter-scored-streams',
    text: ENTER_STREAMS,
    values: [
      records.map(({ admissionId }) => admissionId),
      records.map(({ provenance }) => provenance.modelName),
      records.map(({ provenance }) => provenance.version),
    ],
  });

@Injectable()
export class ScoredFiles {
  constructor(private readonly dataSource: DataSource) {}

  /** Before a batch is scored; also where it is gone on with. */
  async enterBatch({ admissionId, id, modelName, version }: BatchEntity): Promise<void> {
    await this.dataSource.query(ENTER_BATCH, [admissionId, id, modelName, version]);
  }
}
