export { AccessGuard } from './access.guard.js';
export { Accounts } from './accounts/accounts.service.js';
export { FirstAdministrator, generatePassword, type FirstAdministratorResult } from './accounts/first-administrator.js';
export { Invitations } from './accounts/invitations.js';
export { authErrors } from './auth.errors.js';
export { AuthModule } from './auth.module.js';
export { Authenticator } from './authenticator.js';
