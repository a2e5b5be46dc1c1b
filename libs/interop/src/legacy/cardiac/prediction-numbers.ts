/**
 * Numbers of recorded predictions, 1, 2, 3 … for each user. A prediction is entered in the transaction that records it, without waiting
 * for anybody, and gets its number after that, under a lock of its user's. Whatever ends in between leaves it entered, and whoever
 * looks next gives it its number.
 */
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';

export interface NumberedPrediction {
  readonly number: number;
  readonly predictionId: string;
}

const ENTER = {
  name: 'enter-legacy-prediction',
  text: 'INSERT INTO legacy_prediction_numbers (prediction_id, user_id) VALUES ($1, $2)',
};

const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('legacy prediction numbers:' || $1, 0))`;

/** In the order in which they were made, after those that have a number. */
const NUMBER = `
  UPDATE legacy_prediction_numbers AS entered SET number = given.number
    FROM (
      SELECT prediction_id,
             row_number() OVER (ORDER BY prediction_id)
               + (SELECT coalesce(max(number), 0) FROM legacy_prediction_numbers WHERE user_id = $1) AS number
        FROM legacy_prediction_numbers WHERE user_id = $1 AND number IS NULL
    ) AS given
   WHERE entered.prediction_id = given.prediction_id`;

@Injectable()
export class PredictionNumbers {
  constructor(private readonly dataSource: DataSource) {}

  /** For `RowsCall.besides`. */
  async enter(client: pg.Client, predictionId: string, userId: string): Promise<void> {
    await client.query({ ...ENTER, values: [predictionId, userId] });
  }

  /** The number of a prediction that was entered and recorded. */
  async numberOf(userId: string, predictionId: string): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      await this.giveNumbers(userId, manager);
      const [found] = await manager.query<{ number: number }[]>(
        'SELECT number FROM legacy_prediction_numbers WHERE prediction_id = $1',
        [predictionId],
      );
      if (!found) throw new Error('a prediction was recorded, but not entered among those with numbers');
      return found.number;
    });
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
    if (left.length > 0) await this.dataSource.transaction((manager) => this.giveNumbers(userId, manager));
  }

  /** The lock is a statement of its own: the next one then sees what those committed who had it before. */
  private async giveNumbers(userId: string, manager: EntityManager): Promise<void> {
    await manager.query(LOCK, [userId]);
    await manager.query(NUMBER, [userId]);
  }
}
