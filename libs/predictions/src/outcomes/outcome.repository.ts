import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { OutcomeEntity } from './outcome.entity.js';

@Injectable()
export class OutcomeRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The outcome of a row that holds, with the row locked until the transaction ends: of two who record at the same time the
   * second sees what the first has said. An advisory lock, because the application's role may not lock rows of the record.
   */
  async lockNewest(predictionId: string, rowIndex: number, manager: EntityManager): Promise<OutcomeEntity | null> {
    await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('outcome ' || $1 || ' ' || $2, 0))`, [
      predictionId,
      String(rowIndex),
    ]);
    return manager.findOne(OutcomeEntity, { where: { predictionId, rowIndex }, order: { revision: 'DESC' } });
  }

  async insert(outcome: OutcomeEntity, manager: EntityManager): Promise<void> {
    await manager.insert(OutcomeEntity, outcome);
  }

  /** What holds of each row that has an outcome; of one row alone, when it is named. */
  current(predictionId: string, rowIndex?: number): Promise<OutcomeEntity[]> {
    const select = this.dataSource
      .createQueryBuilder(OutcomeEntity, 'outcome')
      .distinctOn(['outcome.rowIndex'])
      .where('outcome.predictionId = :predictionId', { predictionId })
      .orderBy('outcome.rowIndex')
      .addOrderBy('outcome.revision', 'DESC');
    if (rowIndex !== undefined) select.andWhere('outcome.rowIndex = :rowIndex', { rowIndex });
    return select.getMany();
  }

  /** What holds of all rows of these predictions that have an outcome. */
  currentOf(predictionIds: readonly string[]): Promise<OutcomeEntity[]> {
    return this.dataSource
      .createQueryBuilder(OutcomeEntity, 'outcome')
      .distinctOn(['outcome.predictionId', 'outcome.rowIndex'])
      .where('outcome.predictionId = ANY (:predictionIds)', { predictionIds })
      .orderBy('outcome.predictionId')
      .addOrderBy('outcome.rowIndex')
      .addOrderBy('outcome.revision', 'DESC')
      .getMany();
  }

  /** At most `count` outcomes of a prediction, newest first, of one row when it is named. */
  page(
    predictionId: string,
    { rowIndex, before, count }: { rowIndex?: number; before?: string; count: number },
  ): Promise<OutcomeEntity[]> {
    const select = this.dataSource
      .createQueryBuilder(OutcomeEntity, 'outcome')
      .where('outcome.predictionId = :predictionId', { predictionId })
      .orderBy('outcome.id', 'DESC')
      .take(count);
    if (rowIndex !== undefined) select.andWhere('outcome.rowIndex = :rowIndex', { rowIndex });
    if (before !== undefined) select.andWhere('outcome.id < :before', { before });
    return select.getMany();
  }
}
