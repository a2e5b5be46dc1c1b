/** Lists: newest first by id (UUIDv7), a page at a time. The cursor is the last id shown, opaque to clients. */
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { Type } from 'class-transformer';
import { DomainError, platformErrors } from '../errors.js';
import { UUID_PATTERN } from '../ids.js';

export class PageQuery {
  /**
   * How many to answer.
   * @example 50
   */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;

  /** `nextCursor` of the page before. */
  @IsOptional() @IsString() @MaxLength(200) cursor?: string;
}

export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

export const DEFAULT_PAGE_SIZE = 50;

/** The id after which a page starts, or undefined for the first. @throws INVALID_REQUEST for a cursor we did not make. */
export function afterId(query: PageQuery): string | undefined {
  if (query.cursor === undefined) return undefined;
  const id = Buffer.from(query.cursor, 'base64url').toString('utf8');
  if (!UUID_PATTERN.test(id)) {
    throw new DomainError(platformErrors.INVALID_REQUEST, 'The cursor is not one that this server gave out.', { errors: [{ pointer: '?cursor', detail: 'unknown cursor' }] });
  }
  return id;
}

/** Cuts a result of at most `limit + 1` rows into a page. */
export function toPage<Row extends { id: string }, T>(rows: Row[], limit: number, view: (row: Row) => T): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { data: shown.map(view), nextCursor: rows.length > limit && last ? Buffer.from(last.id).toString('base64url') : null };
}
