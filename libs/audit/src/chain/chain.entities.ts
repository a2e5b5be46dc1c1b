/** The tables of the chains, for the comparison with the migrations. Append-only; see `batch.ts` for what they say. */
import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** Public keys that have signed, by their names. */
@Entity('audit_keys')
export class AuditKeyEntity {
  @PrimaryColumn('text') kid: string;
  /** PEM. */
  @Column('text') publicKey: string;
  @Column('timestamptz', { default: () => 'now()' }) firstUsedAt: Date;
}

/** Chains: one for each start of a process that recorded something. */
@Entity('audit_shards')
@Unique(['replica', 'epoch'])
export class AuditShardEntity {
  @PrimaryGeneratedColumn() id: number;
  @Column('text') replica: string;
  @Column('integer') epoch: number;
  /** JSON of an OpeningStatement, as it was signed. */
  @Column('text') statement: string;
  @Column('text') kid: string;
  @Column('bytea') signature: Buffer;
}

@Entity('audit_batches')
export class AuditBatchEntity {
  @PrimaryColumn('integer') shard: number;
  @PrimaryColumn('bigint') seq: string;
  @Column('text') kind: string;
  @Column('integer') count: number;
  @Column('bytea') root: Buffer;
  @Column('bytea') previous: Buffer;
  @Column('bytea') head: Buffer;
  @Column('timestamptz') sealedAt: Date;
  @Column('text') kid: string;
  @Column('bytea') signature: Buffer;
}

/** Where audit events are sealed. */
@Entity('audit_event_seals')
@Index(['shard', 'seq'])
export class AuditEventSealEntity {
  @PrimaryColumn('uuid') eventId: string;
  @Column('integer') shard: number;
  @Column('bigint') seq: string;
  @Column('integer') leaf: number;
}

@Entity('audit_checkpoints')
export class AuditCheckpointEntity {
  /** A UUIDv7; its time is that of the checkpoint. */
  @PrimaryColumn('uuid') id: string;
  /** JSON of a CheckpointStatement, as it was signed. */
  @Column('text') statement: string;
  @Column('text') kid: string;
  @Column('bytea') signature: Buffer;
}
