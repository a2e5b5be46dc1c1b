/** What the verifier says: each finding names a place and what was done there. */

export type FindingCode =
  | 'opening-forged'
  | 'chain-dropped'
  | 'chain-truncated'
  | 'chain-rewritten'
  | 'batch-missing'
  | 'batch-altered'
  | 'batch-forged'
  | 'batch-forked'
  | 'checkpoint-forged'
  | 'record-altered'
  | 'records-exchanged'
  | 'record-deleted'
  | 'record-inserted'
  | 'record-unsealed'
  | 'event-forged';

export interface Finding {
  readonly code: FindingCode;
  readonly message: string;
  readonly shard?: number;
  readonly seq?: number;
  /** Of the prediction or event. */
  readonly id?: string;
}

/** As many as help; a record that is altered everywhere is not told of line by line. */
const MOST_FINDINGS = 100;

export class Findings {
  private readonly list: Finding[] = [];
  private dropped = 0;

  add(finding: Finding): void {
    if (this.list.length < MOST_FINDINGS) this.list.push(finding);
    else this.dropped += 1;
  }

  /** The first place first; what names none (a whole chain, a checkpoint) before all. */
  sorted(): Finding[] {
    return [...this.list].sort((a, b) => (a.shard ?? 0) - (b.shard ?? 0) || (a.seq ?? 0) - (b.seq ?? 0));
  }

  /** How many more there were than are listed. */
  get more(): number {
    return this.dropped;
  }
}
