import { defineErrors } from '#platform';

export const subscriptionErrors = defineErrors('subscriptions', {
  QUOTA_EXCEEDED: {
    status: 429,
    title: 'Too many requests',
    meaning:
      "The user's plan admits no further request now; this one counted for nothing. " +
      'Try again after `Retry-After` seconds, or with a larger plan at once. With `RateLimit-Scope: replica` on the ' +
      'answer, replicas cannot count together for the moment, and this one has admitted its share of the plan.',
  },
  READ_LIMIT_EXCEEDED: {
    status: 429,
    title: 'Too many requests',
    meaning:
      'More reads in a minute than any client needs, over all tokens and keys of the user. ' +
      'Try again after `Retry-After` seconds.',
  },
  ROW_BUDGET_EXCEEDED: {
    status: 429,
    title: 'Too many rows',
    meaning:
      "The rows of this request would exceed the plan's rows per UTC day; nothing was predicted. " +
      "`Retry-After` counts to midnight UTC and is left out when the request alone is larger than a day's rows.",
  },
  PLAN_NOT_FOUND: {
    status: 404,
    title: 'Not found',
    meaning: 'There is no plan of this name; `GET /v1/plans` lists those there are.',
  },
});
