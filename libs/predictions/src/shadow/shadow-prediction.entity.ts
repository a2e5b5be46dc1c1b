import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/**
 * What a version in shadow computed for the rows of a prediction that another version answered, and how it differs. It was never
 * answered, so it is no part of the sealed record; it goes when the prediction's content does.
 */
@Entity('shadow_predictions')
@Index(['versionId', 'predictionId'])
@Index(['servedVersionId', 'predictionId'])
export class ShadowPredictionEntity {
  @PrimaryColumn('uuid') predictionId: string;
  /** Which computed in shadow. */
  @ForeignKey('ModelVersion', { name: 'fk_shadow_predictions_version_id' })
  @PrimaryColumn('uuid')
  versionId: string;
  /** Which answered. */
  @ForeignKey('ModelVersion', { name: 'fk_shadow_predictions_served_version_id' })
  @Column('uuid')
  servedVersionId: string;
  @Column('integer') rows: number;
  /** The version could not compute what the other one answered. */
  @Column('boolean') failed: boolean;
  /** Rows with the same answer. */
  @Column('integer') agreed: number;
  /** Over the rows: how far the answered score or value is from that of the same class here. */
  @Column('double precision') differenceSum: number;
  @Column('double precision') largestDifference: number;
  @Column('real') durationMs: number;
  /** Of the version that answered. */
  @Column('real') servedDurationMs: number;
  /** float32, little-endian, row-major; null where it failed. */
  @Column('bytea', { nullable: true }) scores: Buffer | null;
  /** Null for a regression, and where it failed. */
  @Column('text', { array: true, nullable: true }) labels: string[] | null;
}
