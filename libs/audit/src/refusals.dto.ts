import { IsOptional, Matches } from 'class-validator';
import { PageQuery } from '#platform';

export class RefusalQuery extends PageQuery {
  /**
   * One status of 400 to 599, or a class of them.
   * @example 5xx
   */
  @IsOptional()
  @Matches(/^[45](xx|\d\d)$/, { message: 'must be 4xx, 5xx or one from 400 to 599' })
  status?: string;
}

export class RefusalDto {
  /** The request log's id, by which a cursor goes on. */
  id: string;
  /** That of the answer, by which the server's log tells more. */
  requestId: string;
  /** When the quota decided; of one that did not come so far, when it began. */
  admittedAt: Date;
  /** @example POST */
  method: string;
  /**
   * The route's pattern, never the URL.
   * @example /v1/models/:model/predictions
   */
  route: string;
  /**
   * 499: the client was gone before there was an answer.
   * @example 429
   */
  status: number;
  userId: string;
  /** Milliseconds from the request to its answer. */
  totalMs: number;
}

export class RefusalPageDto {
  data: RefusalDto[];
  nextCursor: string | null;
}
