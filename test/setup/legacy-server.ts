/** A server with the real accounts, plans, shipped models and the adapters of older services, for their medium tests. */
import { resolve } from 'node:path';
import { InteropModule } from '#interop';
import type { LegacyName } from '#platform';
import { PredictionsModule } from '#predictions';
import { QuotaGate, SubscriptionsModule } from '#subscriptions';
import { AccountsServer, type Session } from './accounts-server.js';
import type { TestDatabase } from './database.js';

const MODELS_DIR = resolve(import.meta.dirname, '../../models');

/** @param environment LEGACY_… and what else differs from the defaults */
export function startLegacyServer(
  database: TestDatabase,
  apis: readonly LegacyName[],
  environment: Record<string, string> = {},
): Promise<AccountsServer> {
  return AccountsServer.start(database, { MODELS_DIR, LEGACY_APIS: apis.join(','), ...environment }, [], undefined, {
    modules: [SubscriptionsModule, PredictionsModule, InteropModule.forRoot(apis)],
    hooks: (fastify, app) => app.get(QuotaGate).register(fastify),
  });
}

/** Gives a user a plan, as the administrator does. */
export async function givePlan(server: AccountsServer, userId: string, plan: string, admin: Session): Promise<void> {
  const url = `/v1/users/${userId}/subscription`;
  const { status } = await server.request({ method: 'PUT', url, payload: { plan }, token: admin.accessToken });
  if (status !== 200) throw new Error(`changing the plan answered ${status}`);
}
