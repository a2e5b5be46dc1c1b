import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import { FirstStart, THE_FIRST_START } from './first-start.entity.js';

@Injectable()
export class FirstStartRepository {
  constructor(@InjectRepository(FirstStart) private readonly starts: Repository<FirstStart>) {}

  /** Notes that it begins; of one that was begun before nothing changes. */
  async begin(): Promise<void> {
    await this.starts.createQueryBuilder().insert().values({ id: THE_FIRST_START }).orIgnore().execute();
  }

  /** Whether it was begun and never came to its end. */
  isUnfinished(): Promise<boolean> {
    return this.starts.existsBy({ finishedAt: IsNull() });
  }

  async finish(): Promise<void> {
    await this.starts.update({ id: THE_FIRST_START, finishedAt: IsNull() }, { finishedAt: new Date() });
  }
}
