import type { FieldError } from '#platform';

/** Takes the faults of a request as they are found. */
export interface FaultSink {
  /** True when no more are listed: looking for others is work for nothing. */
  readonly full: boolean;
  /** @param pointer JSON Pointer into the body */
  add(pointer: string, detail: string): void;
}

/** Lists faults, at most `most` of them. */
export class FaultList implements FaultSink {
  readonly list: FieldError[] = [];

  constructor(private readonly most = 100) {}

  get full(): boolean {
    return this.list.length >= this.most;
  }

  add(pointer: string, detail: string): void {
    if (!this.full) this.list.push({ pointer, detail });
  }
}
