/** Reads recorded predictions. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, idTime } from '#platform';
import { predictionErrors } from '../predictions.errors.js';
import { decodeContent, isErased } from './content.js';
import type { RecordedRow } from './prediction-record.js';
import type { Provenance } from './provenance.js';
import { selectedBy, type PredictionSelection } from './prediction-selection.js';
import { ProvenanceRepository } from './provenance.repository.js';

/** A recorded prediction without its content. */
export interface RecordedPrediction extends Omit<Provenance, 'id'> {
  readonly id: string;
  readonly userId: string;
  readonly apiKeyId: string | null;
  readonly createdAt: Date;
  /** The request log's entry of the request has this id. */
  readonly admissionId: string;
  readonly admittedAt: Date;
  readonly requestId: string;
  readonly rowCount: number;
}

/** A recorded prediction with its rows; a row that was erased is null. */
export interface RecordedPredictionDetail extends RecordedPrediction {
  readonly rows: readonly (RecordedRow | null)[];
}

/** What a list shows of a prediction. The content is left out of other users' predictions. */
export interface PredictionSummaryRow {
  readonly id: string;
  readonly userId: string;
  readonly modelName: string;
  readonly version: string;
  readonly versionId: string;
  readonly rowCount: number;
  readonly createdAt: Date;
  /** The row of a single-row prediction, in the caller's own; null elsewhere, and where it was erased. */
  readonly row: RecordedRow | null;
  /** Rows by answered class, in the caller's own predictions. */
  readonly labels: Record<string, number> | null;
}

/** A part of the predictions that are selected. */
export interface Selected<Row = PredictionSummaryRow> {
  readonly rows: Row[];
  /** The last prediction that was looked at, where the search ended before it had found as many as were asked for; else null. */
  readonly searchedTo: string | null;
}

type FoundHead = Omit<RecordedPrediction, 'createdAt' | 'admittedAt'>;

/** A prediction and how large its content is. */
export interface SizedPrediction {
  readonly id: string;
  readonly rowCount: number;
  readonly bytes: number;
}

interface FoundPrediction extends FoundHead {
  readonly content: Buffer | null;
}

interface FoundSummary extends Omit<PredictionSummaryRow, 'createdAt' | 'row'> {
  readonly content: Buffer | null;
}

export interface FirstRow {
  readonly row: RecordedRow;
  readonly versionId: string;
}

interface FoundFirstRow extends Pick<FoundPrediction, 'id' | 'versionId' | 'rowCount'> {
  readonly content: Buffer;
}

const FIRST_ROWS = `
  SELECT p.id, p.row_count AS "rowCount", v.version_id AS "versionId", c.content
    FROM predictions AS p
    JOIN provenances AS v ON v.id = p.provenance_id
    JOIN prediction_contents AS c ON c.id = p.id
   WHERE p.user_id = $1 AND p.id = ANY ($2::uuid[])`;

const HEAD_COLUMNS = `
  p.id, p.user_id AS "userId", p.api_key_id AS "apiKeyId", p.admission_id AS "admissionId", p.request_id AS "requestId",
  p.row_count AS "rowCount", v.model_name AS "modelName", v.version, v.version_id AS "versionId", v.engine,
  v.engine_version AS "engineVersion", v.processor, v.notice`;

const HEAD = `
  SELECT ${HEAD_COLUMNS}
    FROM predictions AS p
    JOIN provenances AS v ON v.id = p.provenance_id
   WHERE p.id = $1`;

const DETAILS = `
  SELECT ${HEAD_COLUMNS}, c.content
    FROM predictions AS p
    JOIN provenances AS v ON v.id = p.provenance_id
    LEFT JOIN prediction_contents AS c ON c.id = p.id
   WHERE p.id = ANY ($1::uuid[])
   ORDER BY p.id DESC`;

/** No index knows of labels, so that each prediction is looked at: at most so many for one page, which bounds what a search costs. */
const MOST_SEARCHED = 5_000;

const labelled = (searched: string, label: string, count: number): string => `
      SELECT p.* FROM (${searched}) AS p JOIN prediction_contents AS f ON f.id = p.id
       WHERE ${label} = ANY (f.labels) ORDER BY p.id DESC LIMIT ${count}`;

/** The page is cut before what is shown of it is looked up. */
const summaries = (page: string, caller: string): string => `
  SELECT p.id, p.user_id AS "userId", v.model_name AS "modelName", v.version, v.version_id AS "versionId",
         p.row_count AS "rowCount",
         CASE WHEN p.user_id = ${caller} AND p.row_count = 1 THEN c.content END AS content,
         CASE WHEN p.user_id = ${caller} THEN (
           SELECT json_object_agg(label, rows)
             FROM (SELECT label, count(*)::int AS rows FROM unnest(c.labels) AS label GROUP BY label) AS counted
         ) END AS labels
    FROM (${page}) AS p
    JOIN provenances AS v ON v.id = p.provenance_id
    LEFT JOIN prediction_contents AS c ON c.id = p.id
   ORDER BY p.id DESC`;

/** The length of a content is known without reading it. */
const sizes = (page: string): string => `
  SELECT p.id, p.row_count AS "rowCount", COALESCE(octet_length(c.content), 0) AS bytes
    FROM (${page}) AS p LEFT JOIN prediction_contents AS c ON c.id = p.id ORDER BY p.id DESC`;

@Injectable()
export class PredictionRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly provenances: ProvenanceRepository,
  ) {}

  /** The whole record. `id` must be a UUID. @throws RECORD_DAMAGED */
  async find(id: string): Promise<RecordedPredictionDetail | undefined> {
    const [found] = await this.findMany([id]);
    return found;
  }

  /** The whole records of these ids, newest first. @throws RECORD_DAMAGED */
  async findMany(ids: readonly string[]): Promise<RecordedPredictionDetail[]> {
    const found = await this.dataSource.query<FoundPrediction[]>(DETAILS, [ids]);
    return found.map(({ content, ...fields }) => ({ ...headOf(fields), rows: rowsOf(fields, content) }));
  }

  /** The first row of each prediction that is the user's, by id, and what computed it. Left out are those whose row is gone. @throws RECORD_DAMAGED */
  async firstRows(userId: string, ids: readonly string[]): Promise<Map<string, FirstRow>> {
    const found = await this.dataSource.query<FoundFirstRow[]>(FIRST_ROWS, [userId, ids]);
    const rows = new Map<string, FirstRow>();
    for (const { id, versionId, content, rowCount } of found) {
      const [row] = rowsOf({ id, rowCount }, content);
      if (row) rows.set(id, { row, versionId });
    }
    return rows;
  }

  /** The record without its rows, which may be many. `id` must be a UUID. */
  async findHead(id: string): Promise<RecordedPrediction | undefined> {
    const [found] = await this.dataSource.query<FoundHead[]>(HEAD, [id]);
    return found && headOf(found);
  }

  /** Whether what a recorded prediction says in this row was erased. @throws RECORD_DAMAGED */
  async isErased(id: string, row: number, manager: EntityManager = this.dataSource.manager): Promise<boolean> {
    const [found] = await manager.query<{ content: Buffer }[]>(
      'SELECT content FROM prediction_contents WHERE id = $1',
      [id],
    );
    if (!found) return true;
    try {
      return isErased(found.content, row);
    } catch {
      throw damaged(id);
    }
  }

  /**
   * At most `count` predictions, newest first. Their content is shown for those of `callerId` alone.
   * @param searched at most so many are looked at for a label
   */
  async select(
    callerId: string,
    selection: PredictionSelection,
    count: number,
    searched = MOST_SEARCHED,
  ): Promise<Selected> {
    const shown = await this.look<FoundSummary>(selection, count, searched, (page, parameterFor) =>
      summaries(page, parameterFor(callerId)),
    );
    return { ...shown, rows: shown.rows.map(summaryOf) };
  }

  /** The same without what they say, for whoever reads all of them: how large each is. */
  sizes(selection: PredictionSelection, count: number, searched = MOST_SEARCHED): Promise<Selected<SizedPrediction>> {
    return this.look(selection, count, searched, sizes);
  }

  /** @param shown makes of the query of a page the one that shows it */
  private async look<Found>(
    selection: PredictionSelection,
    count: number,
    searched: number,
    shown: (page: string, parameterFor: (value: unknown) => string) => string,
  ): Promise<Selected<Found>> {
    const { model, version, label } = selection;
    const provenanceIds =
      model === undefined && version === undefined ? undefined : await this.provenances.idsOf(model, version);
    if (provenanceIds?.length === 0) return { rows: [], searchedTo: null };
    const values: unknown[] = [];
    const parameterFor = (value: unknown): string => `$${values.push(value)}`;
    const selected = selectedBy(selection, provenanceIds, parameterFor);
    const selectedValues = [...values];
    const page = label === undefined ? selected(count) : labelled(selected(searched), parameterFor(label), count);
    const rows = await this.dataSource.query<Found[]>(shown(page, parameterFor), values);
    if (label === undefined || rows.length >= count) return { rows, searchedTo: null };
    const [last] = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM (${selected(searched)}) AS p ORDER BY id DESC OFFSET ${searched - 1}`,
      selectedValues,
    );
    return { rows, searchedTo: last?.id ?? null };
  }
}

function summaryOf({ content, ...fields }: FoundSummary): PredictionSummaryRow {
  return {
    ...fields,
    createdAt: idTime(fields.id),
    row: content ? (decodeContent(content)[0] ?? null) : null,
  };
}

function headOf(fields: FoundHead): RecordedPrediction {
  return { ...fields, createdAt: idTime(fields.id), admittedAt: idTime(fields.admissionId) };
}

/** Content that is gone as a whole was erased as a whole. @throws RECORD_DAMAGED */
function rowsOf({ id, rowCount }: Pick<FoundHead, 'id' | 'rowCount'>, content: Buffer | null): (RecordedRow | null)[] {
  if (!content) return new Array<null>(rowCount).fill(null);
  let rows: (RecordedRow | null)[];
  try {
    rows = decodeContent(content);
  } catch {
    // Without the cause: the parser quotes the text, which is a patient's.
    throw damaged(id);
  }
  if (rows.length !== rowCount || !rows.every((row) => row === null || isRow(row))) throw damaged(id);
  return rows;
}

/** Whoever can write to the database can write anything. */
function isRow(row: unknown): row is RecordedRow {
  const { input, scores } = (row ?? {}) as Partial<RecordedRow>;
  return (
    typeof input === 'object' &&
    input !== null &&
    Array.isArray(scores) &&
    scores.every((score) => typeof score === 'number')
  );
}

function damaged(id: string): DomainError {
  return new DomainError(
    predictionErrors.RECORD_DAMAGED,
    `What is recorded of prediction ${id} is no longer in the form in which predictions are recorded.`,
  );
}
