export type { Entitlement } from './entitlement.js';
export { EntitlementService } from './entitlement.service.js';
export { QuotaClock } from './quota/quota-clock.js';
export { QuotaGate } from './quota/quota-gate.js';
export { RowBudget, type RowReservation } from './row-budget.js';
export { subscriptionErrors } from './subscriptions.errors.js';
export { SubscriptionsService } from './subscriptions.service.js';
export { SubscriptionsModule } from './subscriptions.module.js';
