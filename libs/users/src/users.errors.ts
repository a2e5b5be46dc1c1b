import { defineErrors } from '#platform';

export const usersErrors = defineErrors('users', {
  USER_NOT_FOUND: { status: 404, title: 'Not found', meaning: 'There is no user with this id.' },
  ACCOUNT_EXISTS: {
    status: 409,
    title: 'Account exists',
    meaning: 'Another account has this e-mail address or user name (case does not matter). `errors` says which.',
  },
  LAST_ADMINISTRATOR: {
    status: 409,
    title: 'Last administrator',
    meaning: 'The change would leave no active administrator. Give another user the role `admin` first.',
  },
  OWN_ROLE: { status: 403, title: 'Forbidden', meaning: 'Nobody changes their own role; another administrator can.' },
});
