import { defineErrors } from '#platform';

export const legacyAccountsErrors = defineErrors('interop', {
  LEGACY_PASSWORD_WEAK: {
    status: 400,
    title: 'Password too weak',
    meaning:
      'An account that is made through an older service needs a password as `/v1` wants it, unless `LEGACY_WEAK_PASSWORDS` is set. ' +
      'Answered in the service’s own shape.',
  },
});
