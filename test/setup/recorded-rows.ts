/** Predictions as libs/predictions records them, for tests of what is counted from the record. */
import { newId } from '#platform';
import type { SubscriptionsServer } from './subscriptions-server.js';

export async function recordRows(server: SubscriptionsServer, userId: string, rows: number): Promise<void> {
  await server.query(
    `INSERT INTO predictions (id, user_id, admission_id, provenance_id, row_count, request_id) VALUES ($1, $2, $1, $1, $3, 'r')`,
    [newId(), userId, rows],
  );
}
