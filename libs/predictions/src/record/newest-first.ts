/** How predictions are found newest first, at what those cost that are asked for and not all that are newer. */

/** Both have an index on them and the id. */
export type Key = 'provenance_id' | 'user_id';

export interface NewestOf {
  readonly key: Key;
  /** Parameter of an array of ids. */
  readonly ids: string;
  /** Of `predictions AS p`. */
  readonly columns: string;
  /** More of them that must hold. */
  readonly conditions?: readonly string[];
  /** A number, or a parameter of one. */
  readonly count: number | string;
}

/**
 * Each key by itself, in the order of the index on it and the id, which is read backwards and no further than asked for. Were it
 * compared by `=`, its place in the order would mean nothing to the planner: it would read the primary key backwards past all others',
 * which are millions where a version is rarely asked or has been replaced.
 */
export function newestOf({ key, ids, columns, conditions = [], count }: NewestOf): string {
  const ofKey = [`p.${key} = ANY (ARRAY[key.id])`, ...conditions].join(' AND ');
  return `
      SELECT newest.*
        FROM unnest(${ids}::uuid[]) AS key (id)
       CROSS JOIN LATERAL (
               SELECT ${columns} FROM predictions AS p
                WHERE ${ofKey} ORDER BY p.${key} DESC, p.id DESC LIMIT ${count}
             ) AS newest
       ORDER BY newest.id DESC LIMIT ${count}`;
}
