/**
 * Several COPY … FROM STDIN in one message, their rows sent along: one transaction and one round trip.
 *
 * Statements of one simple query are one transaction. Postgres reads a COPY's data when it comes to it and ignores data
 * that no COPY waits for (documentation, "Message Flow: COPY Operations"), so that nothing need be waited for in between,
 * also when a statement fails.
 */
import type pg from 'pg';
import type { CopyBuffer } from './copy-buffer.js';

/** The part of pg's connection that a query of one's own writes to. */
interface WireConnection {
  query(text: string): void;
  readonly stream: { cork(): void; uncork(): void; write(bytes: Uint8Array): boolean };
}

/** What pg's client calls on a query of one's own (its `Submittable`); the names are its. */
class CopyIn implements pg.Submittable {
  /** Set by pg where queries have a time limit; called when this one has ended, it stops the clock. */
  callback: ((error?: Error | null) => void) | undefined;
  private ended = false;

  constructor(
    private readonly text: string,
    private readonly rows: readonly Uint8Array[],
    private readonly last: (() => CopyBuffer) | undefined,
    private readonly settle: (error?: Error) => void,
  ) {}

  submit = (connection: unknown): void => {
    const { stream } = connection as WireConnection;
    stream.cork();
    (connection as WireConnection).query(this.text);
    for (const message of this.rows) stream.write(message);
    stream.uncork();
    if (this.last) stream.write(this.last().message());
  };

  handleError(error: Error): void {
    this.end(error);
  }

  /** After an error pg does not pass it on. */
  handleReadyForQuery(): void {
    this.end();
  }

  handleCommandComplete(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}

  private end(error?: Error): void {
    if (this.ended) return;
    this.ended = true;
    this.callback?.(error ?? null);
    this.settle(error);
  }
}

/**
 * Runs `text`, which holds one COPY … FROM STDIN (FORMAT binary) for each of `tables`, in their order, and one for what `last`
 * gives, if there is: rows that are made only when the others are out, while Postgres is busy with them.
 * Resolves when all of it is committed. @throws Postgres' error: all or nothing was written then; or that of `last`: then Postgres
 * waits for rows, and the connection is good for nothing more.
 */
export function copyIn(
  client: pg.ClientBase,
  text: string,
  tables: readonly CopyBuffer[],
  last?: () => CopyBuffer,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => (error ? reject(error) : resolve());
    client.query(
      new CopyIn(
        text,
        tables.map((table) => table.message()),
        last,
        settle,
      ),
    );
  });
}
