/**
 * Numbers of recorded predictions, 1, 2, 3 … for each user. A prediction is entered in the transaction that records it, without waiting
 * for anybody, and gets its number after that, under a lock of its user's, in one transaction with all others of this process that wait
 * for theirs. Whatever ends in between leaves it entered, and whoever looks next gives it its number.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { GroupCommit } from '#audit';
import type { RowsCall } from '#predictions';

export interface NumberedPrediction {
  readonly number: number;
  readonly predictionId: string;
}

/** Users whose predictions are to be numbered; of one of these the number is asked. */
interface Asked {
  readonly userId: string;
  readonly predictionId?: string;
  number?: number;
}

const ENTER = {
  name: 'enter-legacy-prediction',
  text: 'INSERT INTO legacy_prediction_numbers (prediction_id, user_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])',
};

/** In one order, so that no two wait for each other. */
const LOCK = `
  SELECT pg_advisory_xact_lock(key)
    FROM (SELECT hashtextextended('legacy prediction numbers:' || caller, 0) AS key FROM unnest($1::text[]) AS caller ORDER BY key) AS keys`;

/** In the order in which they were made, after those that have a number. */
const NUMBER = `
  UPDATE legacy_prediction_numbers AS entered SET number = given.number
    FROM (
      SELECT prediction_id, last.number + row_number() OVER (PARTITION BY caller.user_id ORDER BY prediction_id) AS number
        FROM unnest($1::uuid[]) AS caller (user_id)
        CROSS JOIN LATERAL (
          SELECT coalesce(max(number), 0) AS number FROM legacy_prediction_numbers WHERE user_id = caller.user_id
        ) AS last
        JOIN legacy_prediction_numbers AS waiting ON waiting.user_id = caller.user_id AND waiting.number IS NULL
    ) AS given
   WHERE entered.prediction_id = given.prediction_id
  RETURNING entered.prediction_id AS "predictionId", entered.number`;

const FIND = `
  SELECT prediction_id AS "predictionId", number FROM legacy_prediction_numbers
   WHERE prediction_id = ANY($1::uuid[]) AND number IS NOT NULL`;

/** Who waits longer than this for a lock of another process's is told so. */
const PATIENCE_MS = 5_000;

@Injectable()
export class PredictionNumbers {
  private readonly numbering = new GroupCommit<Asked>({
    flush: (asked) => this.giveNumbers(asked),
    capacity: { count: 10_000, weight: 10_000 },
    batch: { count: 500, weight: 500 },
    weightOf: () => 1,
    patienceMs: PATIENCE_MS,
  });

  constructor(private readonly dataSource: DataSource) {}

  /** For `RowsCall.besides`. */
  readonly enter: NonNullable<RowsCall['besides']> = (client, records) =>
    client.query({ ...ENTER, values: [records.map(({ id }) => id), records.map(({ userId }) => userId)] });

  /** The number of a prediction that was entered and recorded. @throws RECORD_OVERLOADED where it takes too long to give one */
  async numberOf(userId: string, predictionId: string): Promise<number> {
    const asked: Asked = { userId, predictionId };
    await this.numbering.append(asked);
    if (asked.number === undefined)
      throw new Error('a prediction was recorded, but not entered among those with numbers');
    return asked.number;
  }

  /** The user's last `count` predictions, by number. */
  async newest(userId: string, count: number): Promise<NumberedPrediction[]> {
    await this.completed(userId);
    const newestFirst = await this.dataSource.query<NumberedPrediction[]>(
      `SELECT number, prediction_id AS "predictionId" FROM legacy_prediction_numbers
        WHERE user_id = $1 AND number IS NOT NULL ORDER BY number DESC LIMIT $2`,
      [userId, count],
    );
    return newestFirst.reverse();
  }

  /** The user's prediction of this number. */
  async find(userId: string, number: number): Promise<string | undefined> {
    await this.completed(userId);
    const [found] = await this.dataSource.query<{ predictionId: string }[]>(
      'SELECT prediction_id AS "predictionId" FROM legacy_prediction_numbers WHERE user_id = $1 AND number = $2',
      [userId, number],
    );
    return found?.predictionId;
  }

  /** Gives numbers to what was entered and left without one, if there is any. */
  private async completed(userId: string): Promise<void> {
    const left = await this.dataSource.query<unknown[]>(
      'SELECT 1 FROM legacy_prediction_numbers WHERE user_id = $1 AND number IS NULL LIMIT 1',
      [userId],
    );
    if (left.length > 0) await this.numbering.append({ userId });
  }

  private async giveNumbers(asked: readonly Asked[]): Promise<void> {
    const users = [...new Set(asked.map(({ userId }) => userId))];
    const given = await this.dataSource.transaction(async (manager) => {
      // A statement of its own: the next one then sees what those committed who had the locks before.
      await manager.query(LOCK, [users]);
      const [rows] = await manager.query<[NumberedPrediction[], number]>(NUMBER, [users]);
      return rows;
    });
    const numbers = new Map(given.map(({ predictionId, number }) => [predictionId, number]));
    // Those that another process has numbered meanwhile.
    const left = asked.flatMap(({ predictionId }) =>
      predictionId === undefined || numbers.has(predictionId) ? [] : predictionId,
    );
    if (left.length > 0)
      for (const { predictionId, number } of await this.dataSource.query<NumberedPrediction[]>(FIND, [left]))
        numbers.set(predictionId, number);
    for (const one of asked) if (one.predictionId !== undefined) one.number = numbers.get(one.predictionId);
  }
}
