/**
 * What the record of predictions says about use. Plain SQL on the table of another lib, because the arrow between the
 * two points the other way: predictions ask the quota, the quota asks nobody but the database.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Admission } from '#audit';
import { idFloor, idTime } from '#platform';

@Injectable()
export class RecordedUseRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Admissions of recorded predictions since. A prediction's id is never older than its admission, so that the key
   * finds them; an admission's time is that of its id.
   */
  async admissionsSince(since: Date): Promise<Admission[]> {
    const rows = await this.dataSource.query<{ id: string; userId: string }[]>(
      'SELECT admission_id AS id, user_id AS "userId" FROM predictions WHERE id >= $1 AND admission_id >= $1',
      [idFloor(since)],
    );
    return rows.map(({ id, userId }) => ({ id, userId, admittedAt: idTime(id) }));
  }

  /** Rows predicted for each of the users since; those who have none are left out. */
  async rowsSince(userIds: readonly string[], since: Date): Promise<Map<string, number>> {
    const sums = await this.dataSource.query<{ userId: string; rows: number }[]>(
      `SELECT user_id AS "userId", sum(row_count)::float8 AS rows
         FROM predictions WHERE user_id = ANY($1::uuid[]) AND id >= $2 GROUP BY user_id`,
      [userIds, idFloor(since)],
    );
    return new Map(sums.map(({ userId, rows }) => [userId, rows]));
  }
}
