/** Writes provenances once, and finds those that a filter means. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BoundedMap, promptly } from '#platform';
import type { Provenance } from './provenance.js';

const MOST_KNOWN = 10_000;

@Injectable()
export class ProvenanceRepository {
  private readonly written = new BoundedMap<string, true>(MOST_KNOWN);
  private readonly writing = new Map<string, Promise<void>>();

  constructor(private readonly dataSource: DataSource) {}

  /** Whether this process knows that it is in the database; it may be there all the same. */
  isWritten({ id }: Provenance): boolean {
    return this.written.get(id) === true;
  }

  /** Once for all who ask meanwhile. */
  write(provenance: Provenance): Promise<void> {
    let writing = this.writing.get(provenance.id);
    if (!writing) {
      writing = promptly(this.insert(provenance)).finally(() => this.writing.delete(provenance.id));
      this.writing.set(provenance.id, writing);
    }
    return writing;
  }

  private async insert(provenance: Provenance): Promise<void> {
    const { id, modelName, version, versionId, engine, engineVersion, processor, notice } = provenance;
    await this.dataSource.query(
      `INSERT INTO provenances (id, model_name, version, version_id, engine, engine_version, processor, notice)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
      [id, modelName, version, versionId, engine, engineVersion, processor, notice],
    );
    this.written.set(id, true);
  }

  /** Ids of the versions of a model that have predicted something, the one registered first first; of the one version alone, where it is named. */
  async versionIdsOf(model: string, version: string | undefined): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT DISTINCT version_id AS id FROM provenances WHERE model_name = $1 AND ($2::text IS NULL OR version = $2) ORDER BY 1`,
      [model, version ?? null],
    );
    return rows.map(({ id }) => id);
  }

  /** Ids of the provenances of a model, of a version, or of both. */
  async idsOf(model: string | undefined, version: string | undefined): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM provenances WHERE ($1::text IS NULL OR model_name = $1) AND ($2::text IS NULL OR version = $2)`,
      [model ?? null, version ?? null],
    );
    return rows.map(({ id }) => id);
  }
}
