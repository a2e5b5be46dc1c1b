/** Lists: newest first by id (UUIDv7), a page at a time. The cursor is the last id shown, opaque to clients. */
import { DomainError, platformErrors } from '../errors.js';
import { UUID_PATTERN } from '../ids.js';
import type { PageQuery } from './page-query.dto.js';

export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

export const DEFAULT_PAGE_SIZE = 50;

/** The id after which a page starts, or undefined for the first. @throws INVALID_REQUEST for a cursor we did not make. */
export function afterId(query: PageQuery): string | undefined {
  return afterKey(query, UUID_PATTERN);
}

/** The same for lists that are sorted by another key than the id; `form` is that of all such keys. */
export function afterKey({ cursor }: PageQuery, form: RegExp): string | undefined {
  if (cursor === undefined) return undefined;
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (form.test(key)) return key;
  throw new DomainError(platformErrors.INVALID_REQUEST, 'The cursor is not one that this server gave out.', {
    errors: [{ pointer: '?cursor', detail: 'unknown cursor' }],
  });
}

/**
 * Cuts a result of more than `limit` rows into a page; fewer are the last one.
 * @param searchedTo where the next page goes on although there are fewer: they were not looked for any further
 */
export function toPage<Row extends { id: string }, T>(
  rows: Row[],
  limit: number,
  view: (row: Row) => T,
  searchedTo: string | null = null,
): Page<T> {
  const page = toPageBy(({ id }: Row) => id, rows, limit, view);
  if (page.nextCursor === null && searchedTo !== null) page.nextCursor = cursorAt(searchedTo);
  return page;
}

/** The same for lists that are sorted by another key than the id. */
export function toPageBy<Row, T>(
  keyOf: (row: Row) => string,
  rows: Row[],
  limit: number,
  view: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(view),
    nextCursor: rows.length > limit && last ? cursorAt(keyOf(last)) : null,
  };
}

function cursorAt(key: string): string {
  return Buffer.from(key).toString('base64url');
}
