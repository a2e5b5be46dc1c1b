import { defineErrors } from '#platform';

export const cardiacErrors = defineErrors('interop', {
  CARDIAC_MODEL_UNFIT: {
    status: 503,
    title: 'Service unavailable',
    meaning:
      'The version of cardiac-risk in service does not answer with the probability of a risk, so that the older service for cardiac risk cannot use it. Whoever runs the server activates another.',
  },
});
