/** What Postgres says about the schema: its tables, sequences and foreign keys. */

/** Runs a statement and answers its rows: a client's or a query runner's `query`. */
export type RunQuery = <Row>(statement: string, parameters?: unknown[]) => Promise<Row[]>;

/** Kept by the migrations themselves, and therefore no part of a backup. */
const MIGRATIONS_TABLE = 'migrations';

export interface ForeignKey {
  readonly table: string;
  readonly name: string;
  /** As ALTER TABLE … ADD CONSTRAINT takes it. */
  readonly definition: string;
}

/** Tables of the schema with the columns that hold data (generated ones are computed again), by name. Partitions are read through their parents. */
export async function listTables(query: RunQuery): Promise<{ name: string; columns: string[] }[]> {
  return query(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
       FROM pg_class c
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> $1
      GROUP BY c.relname ORDER BY c.relname`,
    [MIGRATIONS_TABLE],
  );
}

/** Sequences that have given out a value, but for the migrations' own. */
export async function listSequences(query: RunQuery): Promise<{ name: string; value: string }[]> {
  return query(
    `SELECT sequencename::text AS name, last_value::text AS value FROM pg_sequences
      WHERE schemaname = current_schema() AND last_value IS NOT NULL AND sequencename <> $1 ORDER BY sequencename`,
    [`${MIGRATIONS_TABLE}_id_seq`],
  );
}

export async function listForeignKeys(query: RunQuery): Promise<ForeignKey[]> {
  return query(
    `SELECT conrelid::regclass::text AS "table", conname::text AS name, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint
      WHERE contype = 'f' AND connamespace = current_schema()::regnamespace AND conparentid = 0 ORDER BY conrelid, conname`,
  );
}

/** Names of the migrations that were applied, in order; none where there is no such table. */
export async function listMigrations(query: RunQuery): Promise<string[]> {
  const [found] = await query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [MIGRATIONS_TABLE]);
  if (!found?.there) return [];
  const rows = await query<{ name: string }>(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id`);
  return rows.map(({ name }) => name);
}
