/** COPY in both directions, on a real Postgres. */
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownDatabase } from '../../../../test/setup/database.js';
import { CopyBuffer } from './copy-buffer.js';
import { copyIn } from './copy-in.js';
import { copyRows, type CopyRow } from './copy-rows.js';

const database = await ownDatabase();
let client: pg.Client;

const COLUMNS =
  'id uuid, small smallint, number integer, large bigint, ratio real, flag boolean, at timestamptz, words text, bytes bytea, list text[]';

beforeAll(async () => {
  client = new pg.Client({ connectionString: database.ownerUrl, query_timeout: 5_000 });
  await client.connect();
  await client.query(`CREATE TABLE copied (${COLUMNS}); CREATE TABLE numbers (n integer CHECK (n < 100))`);
});
afterAll(() => client.end());

interface Row {
  readonly id: string;
  readonly small: number;
  readonly number: number;
  readonly large: number;
  readonly ratio: number;
  readonly flag: boolean;
  readonly at: Date;
  readonly words: string | null;
  readonly bytes: Buffer;
  readonly list: string[] | null;
}

const textWithoutNul = fc.string({ unit: 'binary', maxLength: 300 }).map((text) => text.replaceAll('\0', ''));
const anyRow: fc.Arbitrary<Row> = fc.record({
  id: fc.uuid(),
  small: fc.integer({ min: -32_768, max: 32_767 }),
  number: fc.integer(),
  large: fc.maxSafeNat(),
  ratio: fc.float({ noNaN: true, noDefaultInfinity: true }),
  flag: fc.boolean(),
  at: fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }),
  words: fc.option(textWithoutNul),
  bytes: fc.uint8Array({ maxLength: 3_000, size: 'max' }).map((bytes) => Buffer.from(bytes)),
  list: fc.option(fc.array(textWithoutNul, { maxLength: 5 })),
});

function write(buffer: CopyBuffer, row: Row): void {
  buffer.row(10);
  buffer.uuid(row.id);
  buffer.int16(row.small);
  buffer.int32(row.number);
  buffer.int64(row.large);
  buffer.real(row.ratio);
  buffer.boolean(row.flag);
  buffer.timestamp(row.at.getTime());
  if (row.words === null) buffer.null();
  else buffer.text(row.words);
  buffer.bytea(row.bytes);
  if (row.list === null) buffer.null();
  else buffer.textArray(row.list);
}

function read(row: CopyRow): Partial<Row> {
  return {
    id: row.uuid(0),
    number: row.int32(2),
    large: row.int64(3),
    at: new Date(row.timestamp(6)),
    words: row.isNull(7) ? null : row.text(7),
    bytes: Buffer.from(row.bytea(8)),
    list: row.isNull(9) ? null : row.textArray(9),
  };
}

function numbered(n: number): CopyBuffer {
  const buffer = new CopyBuffer();
  buffer.row(1);
  buffer.int32(n);
  return buffer;
}

const copy = 'COPY numbers FROM STDIN (FORMAT binary);';

describe('COPY', () => {
  it('writes what Postgres and it itself read back, to the byte', async () => {
    const buffer = new CopyBuffer(64);
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { minLength: 1, maxLength: 20 }), async (rows) => {
        await client.query('TRUNCATE copied');
        buffer.clear();
        const written: Buffer[] = [];
        for (const row of rows) {
          const start = buffer.position;
          write(buffer, row);
          written.push(Buffer.from(buffer.slice(start + 2)));
        }
        await copyIn(client, 'COPY copied FROM STDIN (FORMAT binary)', [buffer]);
        const { rows: found } = await client.query<Row>('SELECT *, large::float8 AS large FROM copied');
        expect(found.map((row) => ({ ...row, ratio: Math.fround(row.ratio) + 0 }))).toEqual(
          rows.map((row) => ({ ...row, ratio: Math.fround(row.ratio) + 0 })),
        );
        const copied: Partial<Row>[] = [];
        const bytes: Buffer[] = [];
        await copyRows(client, 'SELECT * FROM copied', (row) => {
          copied.push(read(row));
          bytes.push(Buffer.from(row.leading(10)));
        });
        expect(copied).toEqual(
          rows.map(({ id, number, large, at, words, bytes, list }) => ({ id, number, large, at, words, bytes, list })),
        );
        expect(bytes.every((row, index) => row.equals(written[index]!))).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it('takes rows that are made when the others are out, and nothing when they cannot be made', async () => {
    const count = async (): Promise<unknown> => (await client.query('SELECT count(*)::int AS n FROM numbers')).rows[0];
    const other = new pg.Client({ connectionString: database.ownerUrl });
    await other.connect();
    const none = (): CopyBuffer => {
      throw new Error('no rows');
    };
    await expect(copyIn(other, copy + copy, [numbered(1)], none)).rejects.toThrow('no rows');
    await other.end();
    expect(await count()).toEqual({ n: 0 });
    await copyIn(client, copy + copy, [numbered(1)], () => numbered(2));
    expect(await count()).toEqual({ n: 2 });
    await client.query('DELETE FROM numbers');
  });

  it('of several tables is all or nothing, and the connection goes on', async () => {
    for (const order of [
      [1, 100],
      [100, 1],
    ]) {
      await expect(copyIn(client, copy + copy, order.map(numbered))).rejects.toMatchObject({ code: '23514' });
      expect((await client.query('SELECT count(*)::int AS n FROM numbers')).rows).toEqual([{ n: 0 }]);
    }
    await expect(copyIn(client, 'COPY nothing FROM STDIN (FORMAT binary)', [numbered(1)])).rejects.toMatchObject({
      code: '42P01',
    });
    expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  it('reads rows that come in pieces', async () => {
    const rows: { n: number; text: string }[] = [];
    await copyRows(client, `SELECT n, repeat(n::text, 5000) FROM generate_series(1, 2000) AS n`, (row) =>
      rows.push({ n: row.int32(0), text: row.text(1) }),
    );
    expect(rows).toHaveLength(2000);
    expect(rows.every(({ n, text }) => text === String(n).repeat(5000))).toBe(true);
    await expect(copyRows(client, 'SELECT 1/0', () => undefined)).rejects.toThrow('division by zero');
  });
});
