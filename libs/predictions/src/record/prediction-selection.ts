/** Which predictions are meant, and how those are found. */
import { idFloor } from '#platform';
import { newestOf, type Key } from './newest-first.js';

export interface PredictionSelection {
  /** Only this user's. */
  readonly userId?: string;
  readonly model?: string;
  readonly version?: string;
  /** Predictions with a row answered so. */
  readonly label?: string;
  /** Predictions with a row of this patient. */
  readonly subject?: string;
  readonly from?: Date;
  readonly to?: Date;
  /** Older than this prediction. */
  readonly before?: string;
}

const COLUMNS = 'p.id, p.user_id, p.provenance_id, p.row_count';

/** Times that UUIDv7 can hold: 48 bits of milliseconds since 1970. */
function idFloorWithin(time: Date): string {
  return idFloor(new Date(Math.min(Math.max(time.getTime(), 0), 2 ** 48 - 1)));
}

/**
 * The query of the newest of these predictions, so many at most. Its label is none of its conditions: no index knows of labels.
 * @param provenanceIds those of the model and version, where they are named
 * @param parameterFor takes the value of a parameter
 */
export function selectedBy(
  { userId, subject, from, to, before }: PredictionSelection,
  provenanceIds: readonly string[] | undefined,
  parameterFor: (value: unknown) => string,
): (most: number) => string {
  const conditions: string[] = [];
  const where = (condition: (parameter: string) => string, value: unknown): void => {
    if (value !== undefined) conditions.push(condition(parameterFor(value)));
  };
  // The time of a prediction is that of its id, so that ranges of time use the indexes on the id.
  where((parameter) => `p.id >= ${parameter}`, from && idFloorWithin(from));
  where((parameter) => `p.id < ${parameter}`, to && idFloorWithin(to));
  where((parameter) => `p.id < ${parameter}`, before);
  const by = (key: Key, keys: readonly string[]): ((most: number) => string) => {
    const ids = parameterFor(keys);
    return (most) => newestOf({ key, ids, columns: COLUMNS, conditions, count: most });
  };
  if (subject === undefined && provenanceIds) {
    where((parameter) => `p.user_id = ${parameter}`, userId);
    return by('provenance_id', provenanceIds);
  }
  if (subject === undefined && userId !== undefined) return by('user_id', [userId]);
  // A patient's are few: the planner begins with them.
  where((parameter) => `p.provenance_id = ANY (${parameter})`, provenanceIds);
  where((parameter) => `p.user_id = ${parameter}`, userId);
  where((parameter) => `p.id IN (SELECT prediction_id FROM prediction_subjects WHERE subject = ${parameter})`, subject);
  const condition = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  return (most) => `SELECT ${COLUMNS} FROM predictions AS p ${condition} ORDER BY p.id DESC LIMIT ${most}`;
}
