import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** By which number a user of the older service knows a prediction; null until it is given. For the comparison with the migrations. */
@Entity('legacy_prediction_numbers')
@Unique(['userId', 'number'])
export class PredictionNumber {
  @PrimaryColumn('uuid') predictionId: string;
  @Column('uuid') userId: string;
  @Column('integer', { nullable: true }) number: number | null;
}
