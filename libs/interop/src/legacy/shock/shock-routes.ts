/** Where the older service is, and which method each of its paths has. */
export const SHOCK_PATH = '/legacy/shock';

export const SHOCK_METHODS: ReadonlyMap<string, string> = new Map([
  ['/', 'GET'],
  ['/home', 'GET'],
  ['/status', 'GET'],
  ['/auth', 'POST'],
  ['/auth/create_user', 'POST'],
  ['/auth/token', 'POST'],
  ['/predict', 'POST'],
]);
