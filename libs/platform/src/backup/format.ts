/**
 * The form of a backup file: a gzip file (RFC 1952) of UTF-8 text, so that `zcat` shows it and the rows could be loaded by hand.
 *
 *     {"latido":"backup","format":1,…}        header, one line of JSON
 *     {"table":"users"}                       then for each table of the header, in its order:
 *     …                                       its rows as `COPY … TO STDOUT` writes them (text format)
 *     \.                                      the end of the rows
 *     {"end":"users","rows":3,"bytes":540,"sha256":"…"}
 *     {"end":"backup","tables":13,"rows":3,"sha256":"…"}
 *
 * The hash of a table covers its rows as they stand there, the hash of the last line every byte before that line. They find damage
 * and loss; they are no signature, so whoever can write the file can make another.
 */
import { createHash } from 'node:crypto';

export const FORMAT_VERSION = 1;

/** What ends the rows of a table: `COPY` writes a backslash in a value as two, so no row can look like it. */
export const END_OF_ROWS = '\\.\n';

export interface BackupTable {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface BackupHeader {
  readonly latido: 'backup';
  readonly format: number;
  /** The Latido that wrote the file. */
  readonly latidoVersion: string;
  /** ISO 8601, UTC: the moment whose state the file holds. */
  readonly takenAt: string;
  /** Version of the Postgres it was read from. */
  readonly postgres: string;
  /** Names of the migrations that made the schema, in the order they were applied. */
  readonly migrations: readonly string[];
  readonly tables: readonly BackupTable[];
  /** The last value that each sequence gave out. */
  readonly sequences: readonly { readonly name: string; readonly value: string }[];
}

export interface TableEnd {
  readonly end: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface BackupEnd {
  readonly end: 'backup';
  readonly tables: number;
  readonly rows: number;
  readonly sha256: string;
}

/** What a backup holds, as it is told to people. */
export interface BackupSummary {
  /** The hash in the file's last line: names this backup. */
  readonly sha256: string;
  readonly latidoVersion: string;
  readonly takenAt: string;
  readonly migrations: readonly string[];
  readonly rows: number;
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
}

/** The file, or the database it should go into, is not fit for what was asked. The message says why and what to do. */
export class BackupError extends Error {}

/** Bytes, rows and hash of the rows of one table, as they stream by. */
export class RowsDigest {
  rows = 0;
  bytes = 0;
  private readonly hash = createHash('sha256');

  update(chunk: Buffer): void {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    // In COPY's text format a line feed ends a row: one within a value is written as \n.
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, at + 1)) this.rows += 1;
  }

  end(table: string): TableEnd {
    return { end: table, rows: this.rows, bytes: this.bytes, sha256: this.hash.digest('hex') };
  }
}

export function summarise(header: BackupHeader, tables: readonly TableEnd[], end: BackupEnd): BackupSummary {
  return {
    sha256: end.sha256,
    latidoVersion: header.latidoVersion,
    takenAt: header.takenAt,
    migrations: header.migrations,
    rows: end.rows,
    tables: tables.map(({ end: name, rows }) => ({ name, rows })),
  };
}
