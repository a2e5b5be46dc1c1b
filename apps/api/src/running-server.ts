/** What the process that was started knows of its server: one that answers itself, or the one that started those who answer. */
import type { FirstAdministratorResult } from '#auth';

export interface RunningServer {
  /** Where clients reach it. */
  readonly url: string;
  /** Where people reach the web console, or why not. */
  readonly console: string;
  /** Where clients reach each older service. */
  readonly legacy: readonly string[];
  /** Where the data is, for people. */
  readonly dataPlace: string;
  readonly recordProtected: boolean;
  readonly administrator: FirstAdministratorResult;
  /** Processes that answer. */
  readonly workers: number;
  /** Rejects when it cannot go on, after what it was has been stopped. */
  readonly failure: Promise<never>;
  /** Stops accepting, finishes what is in flight, writes what waits, stops what was started. */
  close(): Promise<void>;
}
